/// What a Domain and the kernel tell each other about its activations: the first bytes of a Frame that the Domain gave
/// for it, before the contexts that the kernel saved there.
///
/// Whoever can write to the Frame can write anything here at any time, and does no harm to anybody but the Domain.
public struct ControlBlock: Sendable {
  /// 1: the kernel may enter an activation, and makes it 0 when it does. Any other value is 0.
  public var isOn: UInt64
  /// The kernel makes it 1 when it leaves signals in the bound Notification.
  public var isPending: UInt64
  /// Program counter and stack pointer with which an activation begins.
  public var entry: UInt64
  public var stack: UInt64
  /// `ActivationFlags`.
  public var flags: UInt64
  /// Context that takes what the next activation interrupts, counted modulo their number.
  public var saveIndex: UInt64

  // What the kernel writes when it enters an activation.

  /// `ActivationReason`.
  public var reason: UInt64
  /// What was taken from the bound Notification.
  public var events: UInt64
  /// Context that was saved.
  public var savedIndex: UInt64
  /// `FaultKind`, FAR_EL1 and ESR_EL1, if the reason is a fault.
  public var faultKind: UInt64
  public var faultAddress: UInt64
  public var faultSyndrome: UInt64
  public var _reserved0: UInt64
  public var _reserved1: UInt64
  public var _reserved2: UInt64
  public var _reserved3: UInt64

  /// The words by position, for whoever reaches them one by one while others write to them.
  public enum Word: UInt64, Sendable {
    case isOn, isPending, entry, stack, flags, saveIndex, reason, events, savedIndex
    case faultKind, faultAddress, faultSyndrome

    /// In bytes, from the start of the block.
    @inlinable
    public var offset: UInt64 { rawValue &* 8 }
  }

  /// Offset in bytes of the first context in the Frame, distance of one to the next, and number of contexts that fit.
  public static var contextOffset: UInt64 { UInt64(truncatingIfNeeded: MemoryLayout<ControlBlock>.stride) }
  public static var contextStride: UInt64 { UInt64(truncatingIfNeeded: MemoryLayout<SavedContext>.stride) }
  public static var contextCount: UInt64 { (4096 &- contextOffset) / contextStride }
}

/// A context in a Domain's Frame. It is what `activationReturn` goes on with.
public struct SavedContext: Sendable {
  public var registers: RegisterFrame
  public var _alignment: UInt64
}

// `allCases` is an array, which the kernel cannot have.
#if !hasFeature(Embedded)
  extension ControlBlock.Word: CaseIterable {}
#endif

/// What a Domain wants of its activations.
public struct ActivationFlags: BitSet {
  public let rawValue: UInt64
  @inlinable
  public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// Its faults are its own to handle, as long as activations are on.
  public static let takesFaults = ActivationFlags(rawValue: 1)
}

/// Why an activation was entered.
public struct ActivationReason: BitSet {
  public let rawValue: UInt64
  @inlinable
  public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// A slice began, or somebody lent time.
  public static let sliceBegan = ActivationReason(rawValue: 1)
  /// The bound Notification was signalled.
  public static let event = ActivationReason(rawValue: 2)
  /// The interrupted context faulted.
  public static let fault = ActivationReason(rawValue: 4)
}
