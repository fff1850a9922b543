internal import KernelCore
internal import KernelObjects

extension InvariantChecker {
  /// Objects do not overlap, and each lies in the handed-out part of the Untyped that it came from.
  func checkMemory() {
    var extents: [UInt64: UInt64] = [:]
    for slot in census.filled {
      guard let size = size(of: slot.capability) else { continue }
      extents[slot.capability.address] = size
    }
    var end: UInt64 = 0
    for (address, size) in extents.sorted(by: { $0.key < $1.key }) {
      expect(address >= end, "two objects overlap at 0x\(String(address, radix: 16))")
      end = address + size
    }
    for slot in census.filled where slot.capability.isA(.untyped) { checkChildren(of: slot) }
  }

  /// Bytes of an object that has memory which nothing else may use.
  private func size(of capability: Capability) -> UInt64? {
    switch capability.objectType {
    case .cnode: 1 << (capability.radix + Slot.sizeBits)
    case .domain: 1 << Domain.sizeBits
    case .endpoint: 1 << Endpoint.sizeBits
    case .notification: 1 << Notification.sizeBits
    case .frame, .segment, .pageTable, .protectionDomain: 4096
    default: nil
    }
  }

  private func checkChildren(of untyped: Reference<Slot>) {
    let capability = untyped.capability
    let end = capability.address + capability.watermark
    expect(capability.watermark <= 1 << capability.size, "\(name(untyped)) handed out more than it has")
    var number = untyped.object.child
    while number != 0 && number & Slot.parentTag == 0 {
      let child = Reference<Slot>(UInt64(number) << Slot.sizeBits)
      let object = child.capability
      let size = object.isA(.untyped) ? 1 << object.size : self.size(of: object) ?? 0
      expect(
        object.address >= capability.address && object.address + size <= end,
        "\(name(child)) lies outside what \(name(untyped)) handed out")
      number = child.object.next
    }
  }
}
