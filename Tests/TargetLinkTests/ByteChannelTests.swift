import Glibc
import SystemPackage
import Testing

@testable import TargetLink

struct ByteChannelTests {
  private static let limit = Deadline.after(.seconds(60))

  @Test func `a socket that does not exist is named`() {
    #expect(throws: TargetError.noSuchSocket(path: "/nowhere/s.sock", .noSuchFileOrDirectory)) {
      try ByteChannel.connect(unixSocket: "/nowhere/s.sock")
    }
  }

  @Test func `a path too long for a socket is not cut`() {
    let path = "/" + String(repeating: "x", count: 200)
    #expect(throws: TargetError.noSuchSocket(path: path, .fileNameTooLong)) {
      try ByteChannel.connect(unixSocket: path)
    }
  }

  @Test func `a file that is no terminal is no serial line`() {
    #expect(throws: TargetError.noSuchSocket(path: "/dev/null", Errno(rawValue: ENOTTY))) {
      try ByteChannel.open(serialLine: "/dev/null")
    }
  }

  @Test func `a port at which nobody listens refuses`() {
    // Reserved (TCPMUX), and served by nobody.
    #expect(throws: TargetError.refused(address: "127.0.0.1:1", .connectionRefused)) {
      try ByteChannel.connect(host: "127.0.0.1", port: 1)
    }
  }

  @Test func `a serial line is raw while it is open, and as before when it is closed`() throws {
    var main: Int32 = 0
    var line: Int32 = 0
    try #require(openpty(&main, &line, nil, nil, nil) == 0)
    defer {
      close(main)
      close(line)
    }
    var path = [CChar](repeating: 0, count: 128)
    try #require(ttyname_r(line, &path, path.count) == 0)
    func isCooked() -> Bool {
      var settings = termios()
      tcgetattr(line, &settings)
      return settings.c_lflag & tcflag_t(ICANON) != 0
    }
    let channel = try ByteChannel.open(
      serialLine: path.withUnsafeBufferPointer { String(cString: $0.baseAddress!) })
    #expect(!isCooked())
    // Neither is ended by a newline nor changed.
    try channel.send([0x03, 0x0d, 0xff], until: Self.limit, during: "test")
    var bytes = [UInt8](repeating: 0, count: 16)
    #expect(read(main, &bytes, bytes.count) == 3)
    #expect(bytes.prefix(3) == [0x03, 0x0d, 0xff])
    channel.close()
    #expect(isCooked())
  }

  @Test func `sending to somebody who does not read ends at the deadline`() throws {
    var ends: [Int32] = [0, 0]
    try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0)
    defer { close(ends[1]) }
    let channel = ByteChannel(adopting: FileDescriptor(rawValue: ends[0]), name: "test", isSocket: true)
    let bytes = [UInt8](repeating: 0, count: 16 << 20)
    #expect(throws: TargetError.timedOut(waitingFor: "test to take what is sent to it")) {
      try channel.send(bytes, until: .after(.milliseconds(50)), during: "test")
    }
  }

  @Test func `a closed channel says so`() throws {
    let channel = FakeStub { _ in .nothing }.channel
    channel.close()
    #expect(throws: TargetError.closed(during: "test")) {
      try channel.send([0], until: Self.limit, during: "test")
    }
  }
}
