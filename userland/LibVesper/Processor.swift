internal import KernelObjects
internal import UserRuntime

/// The domain's own processor time.
public enum Processor {
  /// Makes what was written to memory before visible to devices before what is written from now on.
  @inline(__always)
  public static func orderDeviceMemory() { vesper_order_device_memory() }

  /// Counts of the system's timer since some moment before boot.
  public static var time: UInt64 { vesper_time() }

  /// Those counts in a second.
  public static var timeFrequency: UInt64 { vesper_time_frequency() }

  /// Goes on with a context of the caller's control block, activations on. It comes back if it cannot: with the events
  /// that came in the meantime, or with why it was refused.
  public static func activationReturn(to context: UInt64) throws(Refusal) -> UInt64 {
    try trap(
      .activationReturn, on: CapabilityPointer(rawValue: context), Message(label: 0), receivingInto: .none
    ).badge
  }

  /// Gives up what is left of the present slice.
  public static func yield() {
    // It takes no capability and has nothing to refuse.
    _ = try? trap(.yield, on: .none, Message(label: 0), receivingInto: .none)
  }
}
