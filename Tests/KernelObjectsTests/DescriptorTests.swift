import KernelObjects
import Testing

@Suite struct DescriptorTests {
  private func descriptor(room: Int = DescriptorHeader.sizeLimit) -> [UInt8]? {
    let facts = DescriptorFacts(
      version: "9.9.9", buildID: "abc", board: "test", state: 0x4020_0000,
      directMapOffset: 0xffff_0000_0000_0000,
      imageBase: 0, imageSize: 0, timerFrequency: 1, tickCounts: 1, distributor: 0, uart: 0)
    var bytes = [UInt8](repeating: 0, count: room)
    let count = bytes.withUnsafeMutableBytes { writeDescriptor(facts, into: $0) }
    return count.map { Array(bytes.prefix($0)) }
  }

  @Test func `it carries the layout the compiler chose`() throws {
    let bytes = try #require(descriptor())
    let text = String(decoding: bytes.dropFirst(MemoryLayout<DescriptorHeader>.size), as: UTF8.self)
    let offset = String(MemoryLayout<Domain>.offset(of: \.faultSyndrome) ?? 0, radix: 16)
    #expect(text.hasPrefix("kernel 9.9.9 abc test\nconstants\n state 40200000\n"))
    #expect(text.contains("\n directMapOffset ffff000000000000\n"))
    // What lies right behind the field before is told without its offset, and what is 8 bytes long without its size.
    #expect(text.contains("\nobject Slot 20\n word0\n word1\n child 4\n next 4\n"))
    #expect(text.contains("\n faultSyndrome 8 \(offset)\n faultAddress\n"))
    #expect(text.contains("\nencoding Capability\n address 0 0 2c\n"))
    #expect(text.contains("\n 8 endpoint\n"))
    #expect(text.hasSuffix("\nend\n"))
  }

  @Test func `it fits into one packet of the debug channel`() throws {
    #expect(try #require(descriptor()).count < 3600)
  }

  @Test func `its checksum is that of its body`() throws {
    let bytes = try #require(descriptor())
    let header = bytes.withUnsafeBytes { $0.loadUnaligned(as: DescriptorHeader.self) }
    #expect(header.magic0 == DescriptorHeader.magic0Value)
    #expect(Int(header.headerSize) + Int(header.bodySize) == bytes.count)
    let sum = bytes.dropFirst(Int(header.headerSize)).reduce(DescriptorHeader.checksumSeed) {
      DescriptorHeader.checksum($0, adding: $1)
    }
    #expect(sum == header.checksum)
  }

  @Test func `a buffer that is too small is refused, not overrun`() {
    #expect(descriptor(room: 200) == nil)
  }
}
