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
  public let address: UInt64

  @inlinable
  public init(_ address: UInt64) { self.address = address }

  /// No object.
  @inlinable
  public static var none: Reference { Reference(0) }

  @inlinable
  public var isNone: Bool { address == 0 }

  @usableFromInline
  var pointer: UnsafeMutablePointer<Object> {
    @inline(__always) get {
      // A null pointer is never produced: address 0 is `none` and not dereferenced.
      unsafe UnsafeMutablePointer(bitPattern: UInt(truncatingIfNeeded: address &+ DirectMap.offset))
        .unsafelyUnwrapped
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
    Reference(address &+ index &* UInt64(truncatingIfNeeded: MemoryLayout<Object>.stride))
  }
}

extension Reference<Slot> {
  /// The name under which other slots link to this one.
  @inlinable
  var number: UInt32 { UInt32(truncatingIfNeeded: address &>> Slot.sizeBits) }

  @inlinable
  init(number: UInt32) { self.init(UInt64(number & ~Slot.parentTag) &<< Slot.sizeBits) }

  @inlinable
  public var capability: Capability {
    get { object.capability }
    nonmutating set { object.capability = newValue }
  }
}

extension Reference<Domain> {
  /// Saved general register x`number`. It is reached in memory, since a subscript of the stored array copies it whole.
  @inlinable
  public subscript(x number: Int) -> UInt64 {
    @inline(__always) get { Reference<UInt64>(address)[UInt64(truncatingIfNeeded: number)].object }
    @inline(__always) nonmutating set {
      Reference<UInt64>(address)[UInt64(truncatingIfNeeded: number)].object = newValue
    }
  }

  /// One of the Domain's own capability slots; they lie side by side from `cnodeRoot` on.
  @inlinable
  public func slot(_ which: Domain.OwnSlot) -> Reference<Slot> {
    Reference<Slot>(address &+ Domain.ownSlotOffset)[which.rawValue]
  }
}
