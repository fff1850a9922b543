import GDBProtocol
import GDBStub
import GDBStubAArch64

/// What a ``BlankTarget`` was asked for.
final class BlankTargetCounts {
  var line: [UInt8] = []
  var read = 0
}

/// All its memory is zeros, and perhaps one object.
struct BlankTarget: StubTarget {
  typealias Architecture = AArch64
  let counts: BlankTargetCounts
  var isOneObject = false

  mutating func send(_ byte: UInt8) { counts.line.append(byte) }

  func objects() -> CollectionOfOne<MemoryMapRegion>.Iterator? {
    isOneObject ? CollectionOfOne(MemoryMapRegion(start: 0, length: .max)).makeIterator() : nil
  }

  mutating func readMemory(_ address: UInt64, into bytes: ByteBuffer) -> Int {
    for offset in 0..<bytes.count { bytes.store(0, at: offset) }
    counts.read += bytes.count
    return bytes.count
  }

  mutating func writeMemory(_ address: UInt64, from bytes: ByteBuffer) -> Int { 0 }
  mutating func readRegister(_ number: Int, of thread: ThreadID) -> RegisterContents? { nil }

  mutating func writeRegister(_ number: Int, of thread: ThreadID, to value: RegisterContents) -> Bool {
    false
  }
}
