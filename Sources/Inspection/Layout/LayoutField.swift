/// Where a field lies in its object, in bytes.
package struct LayoutField: Equatable, Sendable {
  package var offset: Int
  package var size: Int
}

/// A table inside an object.
package struct LayoutTable: Equatable, Sendable {
  package var offset: Int
  /// Bytes from one element to the next.
  package var stride: Int
  package var count: Int

  /// Offset in the object of an element, which must exist.
  package func offset(of index: Int) -> Int { offset + index * stride }
}

/// A run of bits in one of the two words of an encoded value.
package struct BitRange: Equatable, Sendable {
  package var word: Int
  package var shift: Int
  package var width: Int

  package func read(_ word0: UInt64, _ word1: UInt64 = 0) -> UInt64 {
    ((word == 0 ? word0 : word1) >> UInt64(shift)) & (1 << UInt64(width) - 1)
  }
}

/// Little-endian integers in bytes from a target. Reading outside gives 0: layouts are checked at attach.
package struct ByteView: Sendable {
  private let bytes: [UInt8]
  private let start: Int

  package init(_ bytes: [UInt8], from start: Int = 0) {
    self.bytes = bytes
    self.start = start
  }

  /// A field of the object that begins at `offset`.
  package func integer(_ field: LayoutField, from offset: Int = 0) -> UInt64 {
    integer(at: offset + field.offset, size: field.size)
  }

  package func integer(at offset: Int, size: Int) -> UInt64 {
    let first = start + offset
    guard first >= 0, size >= 0, first <= bytes.count, size <= bytes.count - first else { return 0 }
    // Nearly everything is a word or half of one.
    if size == 8 {
      return bytes.withUnsafeBytes {
        UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: first, as: UInt64.self))
      }
    }
    if size == 4 {
      return bytes.withUnsafeBytes {
        UInt64(UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: first, as: UInt32.self)))
      }
    }
    var value: UInt64 = 0
    var index = first + size
    while index > first {
      index -= 1
      value = value << 8 | UInt64(bytes[index])
    }
    return value
  }

  package func bytes(_ field: LayoutField) -> ArraySlice<UInt8> {
    let first = start + field.offset
    guard first >= 0, first <= bytes.count, field.size <= bytes.count - first else { return [] }
    return bytes[first..<first + field.size]
  }

  /// The part that begins at `offset`.
  package func view(from offset: Int) -> ByteView { ByteView(bytes, from: start + offset) }
}
