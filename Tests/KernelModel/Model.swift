internal import KernelObjects

/// What a Vesper kernel means: which capability is in which slot, what was derived from what, what each object
/// holds. It is written to be obviously right, with values instead of links, and searches where the kernel has
/// pointers.
package struct Model {
  /// The only place of every capability.
  var slots: [Place: CapabilityValue] = [:]
  /// Physical address of each object that lies in memory.
  var addresses: [ObjectName: UInt64] = [:]

  var untypeds: [ObjectName: UntypedValue] = [:]
  /// Radix of each CNode.
  var cnodes: [ObjectName: UInt64] = [:]
  var domains: [ObjectName: DomainValue] = [:]
  /// ASID of each ProtectionDomain.
  var protectionDomains: [ObjectName: UInt64] = [:]
  var pageTables: Set<ObjectName> = []
  var segments: Set<ObjectName> = []
  var frames: [ObjectName: FrameValue] = [:]
  var endpoints: [ObjectName: EndpointValue] = [:]
  var notifications: [ObjectName: NotificationValue] = [:]
  /// The part of the slice vector that each TimeSlice was given.
  var timeSlices: [ObjectName: Range<Int>] = [:]
  var lines = [LineValue](repeating: LineValue(), count: Int(KernelState.irqCount))

  /// Who is bound to each slot of the slice vector, and the ticks it had.
  var vector = [ObjectName?](repeating: nil, count: Int(KernelState.sliceCount))
  var vectorTicks = [UInt64](repeating: 0, count: Int(KernelState.sliceCount))
  var ticks: UInt64 = 0
  var currentSlice = 0
  /// The clock, when the present slot ends (0 is that nobody has it any more), and when the timer interrupts.
  var now: UInt64 = 0
  var sliceEnd: UInt64 = 0
  var deadline: UInt64?
  /// From the slot's Domain inwards.
  var lendings: [Lending] = []
  var service: Service?
  /// Who runs.
  var current: ObjectName?
  /// Whose translations the processor uses.
  var activeProtectionDomain: ObjectName?
  var console: [UInt8] = []

  /// Physical addresses that can hold translation tables.
  var tableMemory: Range<UInt64> = 0..<0
  private var lastObject = 0
  private var lastCapability = 0

  mutating func newObject(at address: UInt64? = nil) -> ObjectName {
    lastObject += 1
    let name = ObjectName(number: lastObject)
    addresses[name] = address
    return name
  }

  mutating func newCapability() -> CapabilityName {
    lastCapability += 1
    return CapabilityName(number: lastCapability)
  }

  /// Register x`number` of a Domain.
  subscript(domain: ObjectName, number: Int) -> UInt64 {
    get { domains[domain]?.registers[number] ?? 0 }
    set { domains[domain]?.registers[number] = newValue }
  }

  func isReady(_ domain: ObjectName) -> Bool { domains[domain]?.activity == .ready }
}

// MARK: the tree of derivation

extension Model {
  func place(of name: CapabilityName) -> Place? { slots.first { $0.value.name == name }?.key }

  func children(of name: CapabilityName) -> [CapabilityValue] {
    slots.values.filter { $0.parent == name }
  }

  /// All that was derived from it, directly or not.
  func descendants(of name: CapabilityName) -> [CapabilityName] {
    children(of: name).flatMap { [$0.name] + descendants(of: $0.name) }.sorted()
  }

  func isLast(_ capability: CapabilityValue) -> Bool {
    !slots.values.contains {
      $0.object == capability.object && $0.type == capability.type && $0.name != capability.name
    }
  }

  /// Puts a new capability, derived from `parent`, into an empty slot.
  mutating func install(
    _ type: CapabilityType, _ object: ObjectName, in place: Place, derivedFrom parent: CapabilityName?
  ) {
    slots[place] = CapabilityValue(name: newCapability(), type: type, object: object, parent: parent)
  }

  /// Puts a copy of `source` into an empty slot.
  mutating func install(copyOf source: CapabilityValue, rights: Rights = .all, in place: Place) {
    slots[place] = copy(of: source, rights: rights)
  }

  /// A copy says the same about the object, with at most as many rights; it is entered in no table.
  mutating func copy(of source: CapabilityValue, rights: Rights) -> CapabilityValue {
    var copy = CapabilityValue(
      name: newCapability(), type: source.type, object: source.object, parent: source.name)
    copy.rights = source.rights.intersection(rights)
    copy.badge = source.badge
    copy.guardSize = source.guardSize
    copy.guardValue = source.guardValue
    return copy
  }

  mutating func move(_ source: Place, to destination: Place) {
    slots[destination] = slots.removeValue(forKey: source)
  }
}
