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
    let lines = text.split(separator: "\n")
    let offset = String(MemoryLayout<Domain>.offset(of: \.blockedOn) ?? 0, radix: 16)
    #expect(lines.contains("field Domain blockedOn \(offset) 8"))
    #expect(lines.contains("object Slot 20"))
    #expect(lines.contains("kernel 9.9.9 abc test"))
    #expect(lines.contains("constant directMapOffset ffff000000000000"))
    #expect(lines.contains("value CapabilityType 8 endpoint"))
    #expect(lines.last == "end")
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
