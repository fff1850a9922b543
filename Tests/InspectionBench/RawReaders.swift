internal import CLibC
internal import Glibc
internal import TargetLink

/// The memory of a process copied by as few system calls as it takes, into one buffer.
struct RawCopy {
  private let processID: Int32
  private let pieces: [iovec]
  private let size: Int
  private var buffer: [UInt8]

  init(processID: Int32, _ ranges: [MemoryRange]) {
    self.processID = processID
    pieces = ranges.map {
      iovec(iov_base: UnsafeMutableRawPointer(bitPattern: UInt($0.address)), iov_len: $0.count)
    }
    size = ranges.reduce(0) { $0 + $1.count }
    buffer = Array(repeating: 0, count: size)
  }

  struct Incomplete: Error {}

  mutating func read() throws {
    let (processID, pieces, size) = (processID, pieces, size)
    let isComplete = buffer.withUnsafeMutableBytes { buffer in
      var offset = 0
      for first in stride(from: 0, to: pieces.count, by: 1024) {
        let batch = Array(pieces[first..<min(first + 1024, pieces.count)])
        guard let start = buffer.baseAddress else { break }
        let count = vesper_process_vm_readv(
          processID, start + offset, size - offset, batch, UInt(batch.count))
        guard count == batch.reduce(0, { $0 + $1.iov_len }) else { return false }
        offset += count
      }
      return offset == size
    }
    guard isComplete else { throw Incomplete() }
  }
}

/// A client of QEMU's stub that does nothing but keep it busy: `m` packets made beforehand, many of them in flight, and
/// replies whose ends are counted.
struct RawPackets {
  private let channel: ByteChannel
  private let requests: [[UInt8]]
  private static let chunk = 0x800
  private static let window = 128

  /// Connects, which stops the machine.
  init(_ path: String, _ ranges: [MemoryRange]) throws {
    channel = try ByteChannel.connect(unixSocket: path)
    requests = ranges.flatMap { range in
      stride(from: 0, to: range.count, by: Self.chunk).map { offset in
        let count = min(Self.chunk, range.count - offset)
        return Self.frame(
          "m\(String(range.address + UInt64(offset), radix: 16)),\(String(count, radix: 16))")
      }
    }
    _ = try channel.receive(until: .after(.seconds(1)), during: "connecting")
    try exchange([Self.frame("Qqemu.PhyMemMode:1")])
  }

  func read() throws { try exchange(requests) }

  /// Lets the machine run.
  func leave() throws {
    try exchange([Self.frame("Qqemu.PhyMemMode:0"), Self.frame("D")])
    channel.close()
  }

  private func exchange(_ requests: [[UInt8]]) throws {
    var outgoing = OutgoingBytes([])
    var sent = 0
    var answered = 0
    while answered < requests.count {
      while sent < requests.count, sent - answered < Self.window {
        outgoing.append(requests[sent])
        sent += 1
      }
      // A `#` is in no hexadecimal digits, so it ends an answer.
      let bytes = try channel.transfer(&outgoing, until: .after(.seconds(10)), during: "measuring")
      let ends = bytes.count { $0 == UInt8(ascii: "#") }
      answered += ends
      for _ in 0..<ends { outgoing.append([UInt8(ascii: "+")]) }
    }
  }

  private static func frame(_ payload: String) -> [UInt8] {
    let sum = payload.utf8.reduce(UInt8(0)) { $0 &+ $1 }
    let digits = String(sum, radix: 16)
    return Array("$\(payload)#\(digits.count < 2 ? "0" : "")\(digits)".utf8)
  }
}
