/// Something of the library's in memory that a program gave to it.
///
/// Safety: one is made only of an address that the program gave for this kind of thing, mapped for reading and writing
/// until it takes it back; `object` of `none` is not read.
@safe
struct Pointer<Object>: Equatable {
  var address: UInt64

  @inline(__always)
  init(_ address: UInt64) { self.address = address }

  static var none: Pointer { Pointer(0) }

  var isNone: Bool { address == 0 }

  var pointer: UnsafeMutablePointer<Object> {
    @inline(__always) get {
      unsafe UnsafeMutablePointer(bitPattern: UInt(truncatingIfNeeded: address)).unsafelyUnwrapped
    }
  }

  /// In place: an accessor that yields it would copy all of it to read a field.
  var object: Object {
    @_transparent unsafeAddress { unsafe UnsafePointer(pointer) }
    @_transparent nonmutating unsafeMutableAddress { unsafe pointer }
  }

  /// What lies `offset` bytes behind the start of this.
  @inline(__always)
  func part<Part>(at offset: Int) -> Pointer<Part> {
    Pointer<Part>(address &+ UInt64(truncatingIfNeeded: offset))
  }
}
