public import KernelObjects
public import LibVesper

extension BootInfo.RootSlot {
  /// The root CNode is as deep as a capability pointer is long, so a slot's number names it.
  public var pointer: CapabilityPointer { CapabilityPointer(rawValue: rawValue) }
}
