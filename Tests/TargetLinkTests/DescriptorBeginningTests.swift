import KernelObjects
import Testing

@testable import TargetLink

/// Descriptors of which only the beginning was asked for.
@Suite struct DescriptorBeginningTests {
  private static func descriptor(buildID: StaticString = "0123456789abcdef") -> [UInt8] {
    let facts = DescriptorFacts(
      version: "1.2.3", buildID: buildID, board: "test", state: 0x4000_1000, directMapOffset: 0,
      imageBase: 0x4000_0000, imageSize: 0x1000, timerFrequency: 1, tickCounts: 10, distributor: 0, uart: 0)
    var buffer = [UInt8](repeating: 0, count: DescriptorHeader.sizeLimit)
    let count = buffer.withUnsafeMutableBytes { writeDescriptor(facts, into: $0) } ?? 0
    return Array(buffer[..<count])
  }

  /// With the checksum that belongs to it.
  private static func withChecksum(_ descriptor: [UInt8]) -> [UInt8] {
    let body = descriptor[MemoryLayout<DescriptorHeader>.size...]
    let sum = body.reduce(DescriptorHeader.checksumSeed) { DescriptorHeader.checksum($0, adding: $1) }
    return descriptor[..<28] + withUnsafeBytes(of: sum.littleEndian, Array.init) + body
  }

  private func whole(_ bytes: some Sequence<UInt8>) -> [UInt8]? { DescriptorBeginning(Array(bytes))?.whole }

  @Test func `of this source's kernels, what differs is enough`() {
    let all = Self.descriptor()
    #expect(all.count > 4 * DescriptorBeginning.askedSize)
    #expect(whole(all.prefix(DescriptorBeginning.askedSize)) == all)
    let other = Self.descriptor(buildID: "fedcba9876543210")
    #expect(whole(other.prefix(DescriptorBeginning.askedSize)) == other)
  }

  @Test func `however much has come, it is made whole as it is, or not at all`() {
    let all = Self.descriptor()
    for count in 0..<all.count {
      let made = whole(all.prefix(count))
      #expect(made == nil || made == all)
    }
    #expect(whole(all) == all)
  }

  @Test func `of a kernel with another layout, all is needed`() throws {
    let all = Self.descriptor()
    let domain = try #require(all.firstRange(of: "object Domain".utf8))
    for change in [all.count - 2, domain.upperBound + 1, domain.lowerBound] {
      var other = all
      other[change] ^= 1
      other = Self.withChecksum(other)
      for count in 0..<other.count { #expect(whole(other.prefix(count)) == nil) }
      #expect(whole(other) == other)
    }
  }

  @Test func `a header that lies leads nowhere`() {
    let all = Self.descriptor()
    let beginning = Array(all.prefix(DescriptorBeginning.askedSize))
    // The sizes of the header and of the body, and the checksum.
    for offset in 20..<32 {
      for value in [0, 1, 0x7f, 0x80, 0xff] as [UInt8] where value != beginning[offset] {
        var other = beginning
        other[offset] = value
        let made = whole(other)
        #expect(made == nil || made == other)
      }
    }
    #expect(whole(beginning.map { ~$0 }) == nil)
  }

  @Test func `the line carries no more than is needed`() throws {
    let known = Self.descriptor()
    var unknown = known
    unknown[known.count - 8] ^= 1
    unknown = Self.withChecksum(unknown)
    #expect(try sizesAsked(of: known) == [512])
    #expect(try sizesAsked(of: unknown) == [512, 0xf00 - 8])
  }

  /// What is asked for of this descriptor, which must come as it is.
  private func sizesAsked(of descriptor: [UInt8]) throws -> [Int] {
    let requests = Requests()
    let stub = FakeStub { request in
      if request.hasPrefix("qSupported") { return .reply("PacketSize=f00;qvesper.Descriptor+") }
      guard request.hasPrefix("qvesper.Descriptor:") else { return .reply("E10") }
      let numbers = request.dropFirst(19).split(separator: ",").compactMap { Int($0, radix: 16) }
      requests.add(String(numbers[1]))
      let part = descriptor.dropFirst(numbers[0]).prefix(numbers[1])
      let isLast = numbers[0] + part.count >= descriptor.count
      return .bytes(FakeStub.binaryFrame([UInt8(ascii: isLast ? "l" : "m")] + part))
    }
    let target = try SerialStubTarget(
      channel: stub.channel, wayIn: "serial:test", window: 8, timeout: .seconds(20))
    #expect(try target.readDescriptor() == descriptor)
    return requests.all.compactMap { Int($0) }
  }
}
