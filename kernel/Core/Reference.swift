public import KernelObjects

/// Where physical memory appears to this code: 0 on the host, where tests put a kernel's memory at addresses of
/// their own process.
public enum DirectMap {
  #if os(none)
    public static let offset: UInt64 = 0xffff_0000_0000_0000
  #else
    public static let offset: UInt64 = 0
  #endif
}

/// A kernel object by its physical address.
///
/// Safety: a reference is made only from a capability, from a link in another object, or at boot; each of them
/// names memory that was retyped to `Object` and is not given back before the last such link is gone. This is
/// the invariant that `Kernel.checkInvariants` tests, and the only place where the core touches raw memory.
@safe
@frozen
public struct Reference<Object>: Equatable {
  /// Where the object appears to this code. Kept so, and not as the physical address, so that the offset of a field
  /// folds into the instruction that reads it.
  public let virtualAddress: UInt64

  /// - Parameter address: physical.
  @inlinable @inline(__always)
  public init(_ address: UInt64) { virtualAddress = address | DirectMap.offset }

  @inlinable @inline(__always)
  init(virtualAddress: UInt64) { self.virtualAddress = virtualAddress }

  /// Physical address, as links in objects store it.
  @inlinable
  public var address: UInt64 { @inline(__always) get { virtualAddress & ~DirectMap.offset } }

  /// No object.
  @inlinable
  public static var none: Reference { Reference(0) }

  @inlinable
  public var isNone: Bool { virtualAddress == DirectMap.offset }

  @usableFromInline
  var pointer: UnsafeMutablePointer<Object> {
    @inline(__always) get {
      // A null pointer is never produced: address 0 is `none` and not dereferenced.
      unsafe UnsafeMutablePointer(bitPattern: UInt(truncatingIfNeeded: virtualAddress)).unsafelyUnwrapped
    }
  }

  /// The object itself, in place: an accessor that yields it would copy all of a large one to read a field.
  @inlinable
  public var object: Object {
    @_transparent unsafeAddress { unsafe UnsafePointer(pointer) }
    @_transparent nonmutating unsafeMutableAddress { unsafe pointer }
  }

  /// The `index`-th object of a table that begins here.
  @inlinable
  public subscript(index: UInt64) -> Reference {
    @inline(__always) get { part(at: index &* UInt64(truncatingIfNeeded: MemoryLayout<Object>.stride)) }
  }

  /// What lies `offset` bytes behind the start of this object.
  @inlinable @inline(__always)
  public func part<Part>(at offset: UInt64) -> Reference<Part> {
    Reference<Part>(virtualAddress: virtualAddress &+ offset)
  }
}

extension Reference<Slot> {
  /// The name under which other slots link to this one.
  @inlinable
  var number: UInt32 { @inline(__always) get { UInt32(truncatingIfNeeded: address &>> Slot.sizeBits) } }

  @inlinable @inline(__always)
  init(number: UInt32) { self.init(UInt64(number & ~Slot.parentTag) &<< Slot.sizeBits) }

  @inlinable
  public var capability: Capability {
    @inline(__always) get { object.capability }
    @inline(__always) nonmutating set { object.capability = newValue }
  }
}

extension Reference<Domain> {
  /// Saved general register x`number`. It is reached in memory, since a subscript of the stored array copies it whole.
  @inlinable
  public subscript(x number: Int) -> UInt64 {
    @inline(__always) get { word(number).object }
    @inline(__always) nonmutating set { word(number).object = newValue }
  }

  /// One of the Domain's own capability slots; they lie side by side from `cnodeRoot` on.
  @inlinable @inline(__always)
  public func slot(_ which: Domain.OwnSlot) -> Reference<Slot> {
    part(at: Domain.ownSlotOffset &+ which.rawValue &* UInt64(truncatingIfNeeded: MemoryLayout<Slot>.stride))
  }

  /// A register by its place in the frame that a Domain begins with.
  @inlinable @inline(__always)
  func word(_ index: Int) -> Reference<UInt64> { part(at: UInt64(truncatingIfNeeded: index &* 8)) }
}
