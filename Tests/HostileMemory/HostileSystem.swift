internal import HostedKernel
internal import KernelObjects

/// The memory of a working kernel, copied, to be made wrong.
package struct HostileSystem {
  /// Word indices of what there is to change.
  package struct Places: Sendable {
    var words: [Int] = []
    var slots: [Int] = []
    var cnodeSlots: [Int] = []
    var domains: [Int] = []
    var tables: [Int] = []
  }

  package let base: UInt64
  package let bytes: [UInt8]
  package let descriptorPlace: Range<Int>
  package private(set) var places = Places()

  /// A little more than the scenario needs.
  private static let size: UInt64 = 1 << 20

  package init() throws {
    let scenario = try Scenario(size: Self.size)
    let hosted = scenario.hosted
    base = hosted.memory.base
    guard let start = UnsafeRawPointer(bitPattern: UInt(base)) else { throw HostedKernelGone() }
    bytes = Array(UnsafeRawBufferPointer(start: start, count: Int(hosted.memory.size)))
    let descriptor = Int(hosted.descriptor - base)
    descriptorPlace = descriptor..<descriptor + hosted.descriptorSize
    withExtendedLifetime(scenario) {}
    find()
  }

  private struct HostedKernelGone: Error {}

  package func target() -> HostileTarget {
    HostileTarget(base: base, bytes: bytes, descriptorPlace: descriptorPlace)
  }

  /// Slots are found by what their words could be: a type that exists, an address within memory.
  private mutating func find() {
    let target = target()
    var domains: Set<Int> = []
    var tables: Set<Int> = []
    for index in 0..<target.wordCount where target.word(index) != 0 {
      if !target.isDescriptor(word: index) { places.words.append(index) }
      guard index % 4 == 0, !descriptorPlace.contains(index * 8) else { continue }
      let word = target.word(index)
      let address = Capability.addressField.read(word)
      guard address >= base, address < base + UInt64(bytes.count) else { continue }
      switch CapabilityType(rawValue: UInt8(Capability.typeField.read(word))) {
      case .cnode: places.cnodeSlots.append(index)
      case .domain, .reply: domains.insert(target.index(of: address))
      case .protectionDomain, .pageTable, .segment: tables.insert(target.index(of: address))
      case .null, nil: continue
      default: break
      }
      places.slots.append(index)
    }
    places.domains = domains.sorted()
    places.tables = tables.sorted()
  }
}
