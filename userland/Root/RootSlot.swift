internal import KernelObjects
internal import LibVesper

extension BootInfo.RootSlot {
  /// The root CNode is as deep as a capability pointer is long, so a slot's number names it.
  var pointer: CapabilityPointer { CapabilityPointer(rawValue: rawValue) }
}
