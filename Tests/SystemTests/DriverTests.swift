import Foundation
@testable import TargetLink
import TestSupport
import Testing

/// The image with drivers of what is plugged in, and programs that use them.
@Suite(.serialized) struct DriverTests {
  /// A machine with these devices, and a folder for their files.
  private final class Bench {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vesper-\(UUID().uuidString)")
    private(set) var machine: QEMUMachine?

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    deinit {
      machine?.end()
      try? FileManager.default.removeItem(at: folder)
    }

    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    /// Drivers that shall not see each other's devices: the last transports of two pages.
    func plug(disk: String) -> [String] {
      [
        "-drive", "if=none,id=disk,format=raw,file=\(disk)",
        "-device", "virtio-blk-device,drive=disk,bus=virtio-mmio-bus.31",
      ]
    }

    func plugConsole() -> [String] {
      [
        "-chardev", "socket,id=line,path=\(path("line")),server=on,wait=off",
        "-device", "virtio-serial-device,bus=virtio-mmio-bus.23", "-device", "virtconsole,chardev=line",
      ]
    }

    func start(_ devices: [String], isModern: Bool = true) throws -> Console {
      var settings = QEMUSettings(kernel: BuiltFiles.drivers)
      settings.arguments =
        devices + (isModern ? ["-global", "virtio-mmio.force-legacy=false"] : [])
      let machine = try QEMUMachine(settings)
      self.machine = machine
      let console = try Console(of: machine)
      try machine.start()
      return console
    }
  }

  @Test func `a client reads and writes a disk of 256 MiB, byte for byte`() throws {
    let bench = try Bench()
    let disk = try #require(DiskImage(path: bench.path("disk"), size: 256 << 20))
    let console = try bench.start(bench.plug(disk: disk.path))
    #expect(try console.waits(for: "disk-test: read, checked and written"), "\(console.text)")
    #expect(console.text.contains("disk-test: refused what it should"))
    bench.machine?.end()
    #expect(disk.firstWordNotWritten() == nil)
  }

  @Test func `the driver of the disk can itself reach nothing of what it carries`() throws {
    let bench = try Bench()
    let disk = try #require(DiskImage(path: bench.path("disk"), size: 256 << 20))
    let console = try bench.start(bench.plug(disk: disk.path))
    let machine = try #require(bench.machine)
    try #require(try console.waits(for: "disk-test: 256 MiB"), "\(console.text)")
    try expectNoCopies(ReachedMemory(machine))
    try #require(try console.waits(for: "disk-test: read, checked and written"), "\(console.text)")
    try expectNoCopies(ReachedMemory(machine))
    machine.end()
    #expect(disk.firstWordNotWritten() == nil)
  }

  /// Only the device touches the client's buffers: not a page of them is mapped for the driver, by any segment, and it
  /// holds nothing with which it could map one.
  private func expectNoCopies(_ memory: ReachedMemory) throws {
    let buffers = memory.segments(heldBy: "block", slots: 32..<64)
    #expect(buffers.count == 2)
    let shared = memory.pages(of: "disk-test", in: buffers)
    #expect(shared.count == 2 * 512, "the client has both mapped, so a mapping would be seen")
    #expect(memory.pages(of: "block").count > 3, "the driver's own program is seen")
    let mappedByBoth = memory.pages(of: "block").intersection(shared).count
    #expect(mappedByBoth == 0)
    #expect(memory.attached(to: "block").isDisjoint(with: buffers))
    #expect(memory.attached(to: "disk-test").isSuperset(of: buffers))
    let needed: Set = ["protection-domain", "page-table", "frame", "untyped"]
    #expect(memory.types(heldBy: "block").isDisjoint(with: needed))
    #expect(memory.types(heldBy: "block").isSuperset(of: ["segment", "irq-handler"]))
  }

  @Test func `a disk of another length is served to its last sector`() throws {
    let bench = try Bench()
    let disk = try #require(DiskImage(path: bench.path("disk"), size: (3 << 20) + 512))
    let console = try bench.start(bench.plug(disk: disk.path))
    #expect(try console.waits(for: "disk-test: read, checked and written"), "\(console.text)")
    bench.machine?.end()
    #expect(disk.firstWordNotWritten() == nil)
  }

  @Test func `the client's own check finds a disk that is not as expected`() throws {
    let bench = try Bench()
    let disk = try #require(DiskImage(path: bench.path("disk"), size: 4 << 20))
    let file = try FileHandle(forUpdating: URL(fileURLWithPath: disk.path))
    try file.seek(toOffset: 3_000_000)
    try file.write(contentsOf: Data([0x55]))
    try file.close()
    let console = try bench.start(bench.plug(disk: disk.path))
    #expect(try console.waits(for: "disk-test: not the test's disk: word 375000"), "\(console.text)")
  }

  @Test func `a device of the draft before virtio 1 is refused in words`() throws {
    let bench = try Bench()
    let disk = try #require(DiskImage(path: bench.path("disk"), size: 1 << 20))
    let console = try bench.start(bench.plug(disk: disk.path), isModern: false)
    #expect(try console.waits(for: "block: device is-legacy"), "\(console.text)")
  }

  @Test func `what is sent to the virtio console comes back in capitals`() throws {
    let bench = try Bench()
    let console = try bench.start(bench.plugConsole())
    #expect(try console.waits(for: "console: ready"), "\(console.text)")
    let line = try ChannelAddress.unixSocket(bench.path("line")).open()
    // More than the client's buffer and than the device takes at once.
    let sent = (0..<300_000).map { UInt8(ascii: "a") + UInt8($0 * 7 % 26) }
    var received: [UInt8] = []
    let deadline = Deadline.after(.seconds(60))
    for start in stride(from: 0, to: sent.count, by: 10_000) {
      try line.send(Array(sent[start..<start + 10_000]), until: deadline, during: "test")
      while received.count < start + 10_000, !deadline.hasPassed {
        received += try line.receive(until: .after(.seconds(1)), during: "test")
      }
    }
    #expect(received == sent.map { $0 - 0x20 })
  }

  @Test func `the power button stops the system, with the disk flushed`() throws {
    let bench = try Bench()
    let disk = try #require(DiskImage(path: bench.path("disk"), size: 1 << 20))
    let console = try bench.start(bench.plug(disk: disk.path))
    #expect(try console.waits(for: "disk-test: read, checked and written"), "\(console.text)")
    #expect(!console.text.contains("pressed"))
    try bench.machine?.sendMonitorCommand("system_powerdown")
    #expect(try console.waits(for: "root: safe to switch off"), "\(console.text)")
    #expect(console.text.contains("button: pressed"))
  }
}

/// What the page on drivers shows (SourceBlockTests) runs.
struct DriverPageTests {
  @Test func `the example serves its device's interrupts`() throws {
    let machine = try QEMUMachine(QEMUSettings(kernel: BuiltFiles.kernel))
    defer { machine.end() }
    let console = try Console(of: machine)
    try machine.start()
    // The first alarm, and after nine more, one a second, the tenth.
    #expect(try console.waits(for: "clock: alarm 10"), "\(console.text)")
  }
}
