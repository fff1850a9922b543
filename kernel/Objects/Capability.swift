/// The two words of a capability. They are what is stored; everything richer is decoded from them.
///
/// The first word has one shape for all types: the object's physical address, its size, a guard size (CNode),
/// the rights and the type. The second word belongs to the type.
public struct Capability: Equatable, Sendable {
  public var word0: UInt64
  public var word1: UInt64

  @inlinable
  public init(word0: UInt64, word1: UInt64) {
    self.word0 = word0
    self.word1 = word1
  }

  public static let null = Capability(word0: 0, word1: 0)
}

// MARK: the first word

extension Capability {
  /// Physical address of the object, below 2^44.
  public static let addressField = BitField(shift: 0, width: 44)
  public static let addressMask: UInt64 = (1 &<< 44) &- 1
  /// log2 of the object's size in bytes (Untyped, Frame) or its radix (CNode).
  public static let sizeField = BitField(shift: 44, width: 6)
  /// Number of guard bits of a CNode, 0...63.
  public static let guardSizeField = BitField(shift: 50, width: 6)
  public static let rightsField = BitField(shift: 56, width: 3)
  public static let typeField = BitField(shift: 59, width: 5)

  @inlinable
  public init(
    type: CapabilityType, address: UInt64 = 0, size: UInt64 = 0, rights: Rights = .all, word1: UInt64 = 0
  ) {
    self.word0 =
      Self.addressField.pack(address) | Self.sizeField.pack(size)
      | Self.rightsField.pack(UInt64(rights.rawValue)) | Self.typeField.pack(UInt64(type.rawValue))
    self.word1 = word1
  }

  /// The number stored for the type; a value no `CapabilityType` has means that the slot is corrupt.
  @inlinable
  public var rawType: UInt8 { @inline(__always) get { UInt8(truncatingIfNeeded: word0 &>> 59) } }

  /// The compiler's own conversion is a call, which most kernel entries would make several times.
  @inlinable
  public var type: CapabilityType {
    @inline(__always) get {
      guard rawType <= CapabilityType.zombie.rawValue else { return .null }
      // Safety: the cases count up from 0 without a gap, and an enum without payload is stored as that number.
      return unsafe unsafeBitCast(rawType, to: CapabilityType.self)
    }
  }

  @inlinable
  public var address: UInt64 { Self.addressField.read(word0) }

  @inlinable
  public var size: UInt64 { Self.sizeField.read(word0) }

  @inlinable
  public var rights: Rights {
    get { Rights(rawValue: UInt8(truncatingIfNeeded: Self.rightsField.read(word0))) }
    set { word0 = Self.rightsField.write(UInt64(newValue.rawValue), into: word0) }
  }

  @inlinable
  public var isNull: Bool { word0 &>> 59 == 0 }

  @inlinable
  public func isA(_ type: CapabilityType) -> Bool { word0 &>> 59 == UInt64(type.rawValue) }

  /// Whether both name the same kernel object, whatever their rights, badge or guard.
  ///
  /// Each TimeSlice is an object of its own: ranges are split, never copied.
  @inlinable
  public func isSameObject(as other: Capability) -> Bool {
    guard rawType == other.rawType else { return false }
    switch type {
    case .null: return false
    case .irqHandler: return word1 == other.word1
    case .timeSlice: return false
    default: return address == other.address
    }
  }
}

// MARK: CNode

extension Capability {
  @inlinable
  public static func cnode(address: UInt64, radix: UInt64, guardSize: UInt64, guardValue: UInt64 = 0)
    -> Capability
  {
    var capability = Capability(type: .cnode, address: address, size: radix, word1: guardValue)
    capability.word0 = guardSizeField.write(guardSize, into: capability.word0)
    return capability
  }

  /// log2 of the number of slots.
  @inlinable
  public var radix: UInt64 { size }

  @inlinable
  public var guardSize: UInt64 { Self.guardSizeField.read(word0) }

  /// The bits a capability pointer must show before this CNode's index, right-aligned.
  @inlinable
  public var guardValue: UInt64 { word1 }
}

// MARK: Untyped

extension Capability {
  /// Bytes handed out so far, from the start of the Untyped.
  public static let watermarkField = BitField(shift: 0, width: 48)
  /// Device memory: never zeroed, never a kernel object (Untyped and Frame).
  public static let deviceField = BitField(shift: 62, width: 1)

  @inlinable
  public static func untyped(address: UInt64, sizeBits: UInt64, isDevice: Bool) -> Capability {
    Capability(
      type: .untyped, address: address, size: sizeBits, word1: deviceField.pack(isDevice ? 1 : 0))
  }

  @inlinable
  public var watermark: UInt64 {
    get { Self.watermarkField.read(word1) }
    set { word1 = Self.watermarkField.write(newValue, into: word1) }
  }

  @inlinable
  public var isDevice: Bool { Self.deviceField.read(word1) != 0 }
}

// MARK: Endpoint and Notification

extension Capability {
  /// What the receiver is told of the sender's capability; 0 is unbadged.
  @inlinable
  public var badge: UInt64 { word1 }
}

// MARK: ProtectionDomain

extension Capability {
  /// The ASID that the TLB knows it by.
  @inlinable
  public var asid: UInt64 { word1 }
}

// MARK: Reply

extension Capability {
  /// Set in a Domain's own master slot, from which its one-shot reply is derived.
  public static let replyMasterField = BitField(shift: 0, width: 1)

  @inlinable
  public var isReplyMaster: Bool { Self.replyMasterField.read(word1) != 0 }
}

// MARK: TimeSlice and IRQHandler

extension Capability {
  /// First slot of the slice vector.
  public static let sliceStartField = BitField(shift: 0, width: 16)
  /// Number of slots.
  public static let sliceCountField = BitField(shift: 16, width: 16)
  /// Interrupt number at the controller (INTID, GICv2 architecture specification, 2.2.1).
  public static let irqField = BitField(shift: 0, width: 16)

  @inlinable
  public static func timeSlice(start: UInt64, count: UInt64) -> Capability {
    Capability(type: .timeSlice, word1: sliceStartField.pack(start) | sliceCountField.pack(count))
  }

  @inlinable
  public var sliceStart: UInt64 { Self.sliceStartField.read(word1) }

  @inlinable
  public var sliceCount: UInt64 { Self.sliceCountField.read(word1) }

  @inlinable
  public var irq: UInt64 { Self.irqField.read(word1) }
}

// MARK: Zombie

extension Capability {
  /// The type of what it was, where a CNode has its guard size.
  public static let zombieTypeField = guardSizeField
  /// What is still to be done: slots to be emptied, or descriptors to be looked at.
  public static let zombieRemainingField = BitField(shift: 0, width: 32)
  /// Slot number of the zombie below this one on the stack, 0 if none.
  public static let zombieBelowField = BitField(shift: 32, width: 31)

  /// What the last capability to an object becomes while the object is destroyed.
  ///
  /// - Parameters:
  ///   - capability: the last one to the object.
  ///   - remaining: slots or descriptors.
  ///   - below: slot number of the zombie that is below on the stack.
  /// - Returns: the zombie.
  @inlinable
  public static func zombie(of capability: Capability, remaining: UInt64, below: UInt64) -> Capability {
    var zombie = Capability(
      type: .zombie, address: capability.address, size: capability.size,
      word1: zombieRemainingField.pack(remaining) | zombieBelowField.pack(below))
    zombie.word0 = zombieTypeField.write(UInt64(capability.rawType), into: zombie.word0)
    return zombie
  }

  @inlinable
  public var zombieType: CapabilityType {
    CapabilityType(rawValue: UInt8(truncatingIfNeeded: Self.zombieTypeField.read(word0))) ?? .null
  }

  @inlinable
  public var zombieRemaining: UInt64 {
    get { Self.zombieRemainingField.read(word1) }
    set { word1 = Self.zombieRemainingField.write(newValue, into: word1) }
  }

  @inlinable
  public var zombieBelow: UInt64 {
    get { Self.zombieBelowField.read(word1) }
    set { word1 = Self.zombieBelowField.write(newValue, into: word1) }
  }
}
