import ServerProtocol
import Testing

@Suite struct `Shared memory` {
  private let shared = SharedMemory(address: 0x1000, size: 0x100)

  @Test func `contains itself and every part of itself`() {
    #expect(shared.contains(0x1000, count: 0x100))
    #expect(shared.contains(0x1000, count: 1))
    #expect(shared.contains(0x10ff, count: 1))
    #expect(shared.contains(0x1040, count: 0x40))
  }

  @Test func `contains nothing that begins before it`() {
    #expect(!shared.contains(0xfff, count: 1))
    #expect(!shared.contains(0xfff, count: 0x10))
    #expect(!shared.contains(0, count: 0x100))
  }

  @Test func `contains nothing that ends behind it`() {
    #expect(!shared.contains(0x1000, count: 0x101))
    #expect(!shared.contains(0x10ff, count: 2))
    #expect(!shared.contains(0x1100, count: 1))
  }

  @Test(arguments: [UInt64.max, UInt64.max - 0xfff, UInt64(1) << 63])
  func `is not deceived by a length that wraps around`(count: UInt64) {
    #expect(!shared.contains(0x1080, count: count))
    #expect(!shared.contains(count, count: 0x100))
  }

  @Test func `works at the end of the address space`() {
    let last = SharedMemory(address: .max - 0xff, size: 0x100)
    #expect(last.contains(.max, count: 1))
    #expect(!last.contains(.max, count: 2))
  }
}

@Suite struct `The sum of a buffer` {
  @Test func `adds each byte once`() {
    let bytes: [UInt8] = [1, 2, 3, 255, 4]
    bytes.withUnsafeBufferPointer { buffer in
      let address = UInt64(UInt(bitPattern: buffer.baseAddress))
      #expect(sumOfBytes(at: address, count: 5) == 265)
      #expect(sumOfBytes(at: address + 1, count: 2) == 5)
      #expect(sumOfBytes(at: address, count: 0) == 0)
    }
  }
}
