public import LibVesper

/// Slots of the examples' programs besides those of `ProgramSlot`.
public enum ExampleSlot {
  /// Each scheduler has so many clients.
  public static let clientCount: UInt64 = 3

  /// A scheduler's clients.
  public static func client(_ index: UInt64) -> CapabilityPointer { CapabilityPointer(rawValue: 16 + index) }

  /// What a client signals to have its scheduler look again.
  public static let scheduler = CapabilityPointer(rawValue: 20)

  /// What a client signals to wake another.
  public static func wake(_ index: UInt64) -> CapabilityPointer { CapabilityPointer(rawValue: 24 + index) }
}
