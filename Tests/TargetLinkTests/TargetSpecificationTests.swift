import Testing

@testable import TargetLink

struct TargetSpecificationTests {
  @Test(arguments: [
    ("serial:unix:/tmp/s.sock", TargetSpecification.serial(.unixSocket("/tmp/s.sock"))),
    ("serial:unix:with:colon", .serial(.unixSocket("with:colon"))),
    ("serial:tcp:board:4000", .serial(.tcp(host: "board", port: 4000))),
    ("serial:/dev/ttyUSB0", .serial(.device("/dev/ttyUSB0"))),
    ("gdb:localhost:1234", .gdb(.tcp(host: "localhost", port: 1234))),
    ("gdb:[::1]:1234", .gdb(.tcp(host: "::1", port: 1234))),
    ("core:/tmp/a:b.zst", .core("/tmp/a:b.zst")), ("monitor:one", .monitor("one")),
    ("qemu:4711", .qemu("4711")), ("qemu:my guest: one", .qemu("my guest: one")),
    ("gdb:unix:/tmp/g.sock", .gdb(.unixSocket("/tmp/g.sock"))),
  ])
  func `a target is read and written alike`(text: String, target: TargetSpecification) throws {
    #expect(try TargetSpecification(parsing: text) == target)
    #expect(target.description == text)
  }

  @Test func `a port alone is one of this machine`() throws {
    #expect(try TargetSpecification(parsing: "gdb::1234") == .gdb(.tcp(host: "localhost", port: 1234)))
  }

  @Test(arguments: [
    ("", "it does not say how to reach the system"),
    ("nonsense", "it does not say how to reach the system"),
    ("usb:1", "`usb` is not a way in"),
    ("qemu:", "nothing follows `qemu:`"), ("gdb:", "nothing follows `gdb:`"),
    ("gdb:localhost", "the port is missing"),
    ("gdb:localhost:0", "`0` is not a TCP port"),
    ("gdb:localhost:65536", "`65536` is not a TCP port"),
    ("gdb:unix:", "the socket's path is missing"),
    ("serial:ttyUSB0", "`serial:` is followed by `unix:`, `tcp:` or a device's absolute path"),
  ])
  func `what is wrong is said, and which spellings there are`(text: String, problem: String) {
    let error = #expect(throws: TargetSpecificationError.self) { try TargetSpecification(parsing: text) }
    #expect(error == TargetSpecificationError(text: text, problem: problem))
    #expect(error?.description.contains(TargetSpecification.spellings) == true)
  }
}
