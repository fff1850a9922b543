import Foundation
import GDBProtocol
import SystemPackage
import Testing

@testable import TargetLink

/// The other end of a connection: answers each packet as a test says, on a thread of its own.
///
/// It ends when its client closes the connection, or when the test's answer is ``Answer/hangUp``.
struct FakeStub {
  enum Answer {
    /// These bytes as they are.
    case bytes([UInt8])
    /// Packets with these payloads.
    case packets([String])
    case hangUp

    static func reply(_ payload: String) -> Answer { .packets([payload]) }
    static func text(_ text: String) -> Answer { .bytes(Array(text.utf8)) }
    static let nothing = Answer.bytes([])
  }

  /// What a test answers with: `-` where the client refused what was sent.
  typealias Script = @Sendable (_ request: String) -> Answer

  /// The client's end.
  let channel: ByteChannel

  init(_ script: @escaping Script) {
    var ends: [Int32] = [0, 0]
    precondition(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0)
    channel = ByteChannel(adopting: FileDescriptor(rawValue: ends[0]), name: "fake", isSocket: true)
    let end = ends[1]
    Thread.detachNewThread { Self.serve(end, script) }
  }

  static func frame(_ payload: String) -> [UInt8] {
    let sum = payload.utf8.reduce(UInt8(0), &+)
    return Array("$\(payload)#\(hexadecimalDigits([sum]))".utf8)
  }

  /// As the protocol frames binary payloads.
  static func binaryFrame(_ payload: [UInt8]) -> [UInt8] {
    let escaped = payload.flatMap { byte in
      "#$}*".utf8.contains(byte) ? [UInt8(ascii: "}"), byte ^ 0x20] : [byte]
    }
    return [UInt8(ascii: "$")] + escaped + Array("#\(hexadecimalDigits([escaped.reduce(0, &+)]))".utf8)
  }

  private static func serve(_ end: Int32, _ script: Script) {
    let channel = ByteChannel(adopting: FileDescriptor(rawValue: end), name: "client", isSocket: true)
    let storage = PacketStorage(capacity: 64 * 1024)
    var receiver = PacketReceiver(buffer: storage.buffer)
    while let bytes = try? channel.receive(until: .after(.seconds(60)), during: "test") {
      for byte in bytes {
        let answer: Answer
        switch receiver.receive(byte) {
        case .packet: answer = script(String(decoding: receiver.payload.array, as: UTF8.self))
        case .refusal: answer = script("-")
        case .interrupt: answer = script("\u{3}")
        default: continue
        }
        guard let sent = Self.bytes(of: answer) else { return }
        guard (try? channel.send(sent, until: .after(.seconds(60)), during: "test")) != nil else { return }
      }
    }
  }

  private static func bytes(of answer: Answer) -> [UInt8]? {
    switch answer {
    case .bytes(let bytes): bytes
    case .packets(let payloads): payloads.flatMap(frame)
    case .hangUp: nil
    }
  }
}

/// A line from which this text has come already, and where nobody is at the other end.
func talkingLine(_ text: String) throws -> ByteChannel {
  var ends: [Int32] = [0, 0]
  try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0)
  // The other end stays open for as long as the process lives: closing it would be an answer.
  let bytes = Array(text.utf8)
  try #require(write(ends[1], bytes, bytes.count) == bytes.count)
  return ByteChannel(adopting: FileDescriptor(rawValue: ends[0]), name: "test", isSocket: true)
}

/// A line from which these bytes come over and over, for as long as it is open.
func floodedLine(_ bytes: [UInt8]) throws -> ByteChannel {
  var ends: [Int32] = [0, 0]
  try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0)
  let end = ends[1]
  Thread.detachNewThread {
    let flood = Array(repeatElement(bytes, count: 1000).joined())
    while send(end, flood, flood.count, Int32(MSG_NOSIGNAL)) > 0 {}
    close(end)
  }
  return ByteChannel(adopting: FileDescriptor(rawValue: ends[0]), name: "test", isSocket: true)
}

/// A number that scripts count with.
final class Counter: @unchecked Sendable {
  private let lock = NSLock()
  private var value = 0

  /// Counts one more, and returns how many there were before.
  func next() -> Int {
    lock.withLock {
      defer { value += 1 }
      return value
    }
  }

  var count: Int { lock.withLock { value } }
}

/// What a stub was asked.
final class Requests: @unchecked Sendable {
  private let lock = NSLock()
  private var list: [String] = []

  func add(_ request: String) { lock.withLock { list.append(request) } }

  var all: [String] { lock.withLock { list } }
}
