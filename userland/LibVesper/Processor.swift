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

  /// Gives up what is left of the present slice.
  public static func yield() {
    // It takes no capability and has nothing to refuse.
    _ = try? trap(.yield, on: .none, Message(label: 0), receivingInto: .none)
  }
}
