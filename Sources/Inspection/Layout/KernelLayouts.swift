/// Everything the inspection knows about a kernel's data, looked up once by name when attaching.
package final class KernelLayouts: Sendable {
  package let descriptor: KernelDescriptor
  package let capability: CapabilityEncoding
  let slot: SlotLayout
  let domain: DomainLayout
  let endpoint: EndpointLayout
  let notification: NotificationLayout
  let state: StateLayout
  let floatingPoint: FloatingPointLayout?
  /// Nil of a kernel without activations.
  let controlBlock: ControlBlockLayout?
  package let constants: KernelConstants
  package let regime: TranslationRegime

  package init(_ descriptor: KernelDescriptor) throws(InspectionError) {
    self.descriptor = descriptor
    capability = try CapabilityEncoding(descriptor)
    slot = try SlotLayout(descriptor)
    domain = try DomainLayout(descriptor)
    endpoint = try EndpointLayout(descriptor)
    notification = try NotificationLayout(descriptor)
    state = try StateLayout(descriptor)
    constants = try KernelConstants(descriptor)
    floatingPoint = try FloatingPointLayout(descriptor, domainSizeBits: constants.domainSizeBits)
    controlBlock = try? ControlBlockLayout(descriptor)
    regime = TranslationRegime(descriptor)
  }
}

/// The constants of this kernel and boot.
package struct KernelConstants: Sendable {
  /// Physical address of the kernel's state.
  package let state: UInt64
  package let directMapOffset: UInt64
  package let imageBase: UInt64
  package let imageSize: UInt64
  package let timerFrequency: UInt64
  package let tickCounts: UInt64
  /// Physical address of the interrupt distributor; 0 if there is none.
  package let distributor: UInt64
  package let segmentBase: UInt64
  package let slotParentTag: UInt64
  package let slotSizeBits: UInt64
  package let domainSizeBits: UInt64

  init(_ descriptor: KernelDescriptor) throws(InspectionError) {
    state = try descriptor.constant("state")
    directMapOffset = try descriptor.constant("directMapOffset")
    imageBase = try descriptor.constant("imageBase")
    imageSize = try descriptor.constant("imageSize")
    timerFrequency = try descriptor.constant("timerFrequency")
    tickCounts = try descriptor.constant("tickCounts")
    distributor = try descriptor.constant("distributor")
    segmentBase = try descriptor.constant("segmentBase")
    slotParentTag = try descriptor.constant("slotParentTag")
    slotSizeBits = try descriptor.constant("slotSizeBits")
    domainSizeBits = try descriptor.constant("domainSizeBits")
    guard slotParentTag.nonzeroBitCount == 1, slotSizeBits <= 8, domainSizeBits <= 14 else {
      throw descriptor.implausible("slots and domains of impossible sizes")
    }
    // A table's size is computed from these, so that a slot must be as large as it is said to be.
    guard try descriptor.size(of: "Slot") == 1 << slotSizeBits,
      try descriptor.size(of: "Domain") <= 1 << domainSizeBits
    else { throw descriptor.implausible("slots or domains of two different sizes") }
  }
}

struct SlotLayout: Sendable {
  let size: Int
  let word0, word1, child, next, previous, generation: LayoutField

  init(_ descriptor: KernelDescriptor) throws(InspectionError) {
    size = try descriptor.size(of: "Slot")
    word0 = try descriptor.integer("Slot", "word0")
    word1 = try descriptor.integer("Slot", "word1")
    child = try descriptor.integer("Slot", "child")
    next = try descriptor.integer("Slot", "next")
    previous = try descriptor.integer("Slot", "previous")
    generation = try descriptor.integer("Slot", "generation")
  }
}

struct ControlBlockLayout: Sendable {
  let size: Int
  let isOn, isPending: LayoutField

  init(_ descriptor: KernelDescriptor) throws(InspectionError) {
    size = try descriptor.size(of: "ControlBlock", limit: 4096)
    isOn = try descriptor.integer("ControlBlock", "isOn")
    isPending = try descriptor.integer("ControlBlock", "isPending")
  }
}

struct EndpointLayout: Sendable {
  let size: Int
  let sendHead, sendTail, receiveHead, receiveTail: LayoutField

  init(_ descriptor: KernelDescriptor) throws(InspectionError) {
    size = try descriptor.size(of: "Endpoint", limit: 4096)
    sendHead = try descriptor.integer("Endpoint", "sendHead")
    sendTail = try descriptor.integer("Endpoint", "sendTail")
    receiveHead = try descriptor.integer("Endpoint", "receiveHead")
    receiveTail = try descriptor.integer("Endpoint", "receiveTail")
  }
}

struct NotificationLayout: Sendable {
  let size: Int
  let pending, waitHead, waitTail, boundDomain: LayoutField

  init(_ descriptor: KernelDescriptor) throws(InspectionError) {
    size = try descriptor.size(of: "Notification", limit: 4096)
    pending = try descriptor.integer("Notification", "pending")
    waitHead = try descriptor.integer("Notification", "waitHead")
    waitTail = try descriptor.integer("Notification", "waitTail")
    boundDomain = try descriptor.integer("Notification", "boundDomain")
  }
}
