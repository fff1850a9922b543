/// One node of a device tree, with its properties.
public struct DeviceNode: Sendable {
  let tree: DeviceTree
  /// Offset of the name in the blob.
  let name: Int
  /// Where the tokens after the name begin: the properties, if any, come first (5.4.2).
  let properties: Int

  /// Distance from the root, which has depth 0.
  public let depth: Int
  /// `#address-cells` and `#size-cells` of the parent, in which `reg` is written.
  let addressCells: Int
  let sizeCells: Int

  /// The property's value, or nil if the node has none of that name.
  public func property(_ name: StaticString) -> PropertyValue? {
    var offset = properties
    while let property = tree.property(at: &offset) {
      if tree.hasString(name, at: property.name) { return property.value }
    }
    return nil
  }

  /// Whether the name, up to its unit address, is this one.
  public func isNamed(_ string: StaticString) -> Bool {
    let count = string.utf8CodeUnitCount
    for index in 0..<count where unsafe tree.byte(at: name &+ index) != string.utf8Start[index] {
      return false
    }
    let next = tree.byte(at: name &+ count)
    return next == 0 || next == UInt8(ascii: "@")
  }

  /// Whether the `compatible` property lists this programming model.
  public func isCompatible(with model: StaticString) -> Bool {
    guard let value = property("compatible") else { return false }
    var offset = value.bytes.lowerBound
    while offset < value.bytes.upperBound {
      if tree.hasString(model, at: offset) { return true }
      while offset < value.bytes.upperBound, tree.byte(at: offset) != 0 { offset &+= 1 }
      offset &+= 1
    }
    return false
  }

  /// The `index`th range of the `reg` property, or nil if there is none or it is not 64-bit.
  public func registers(_ index: Int) -> MemoryRange? {
    guard let value = property("reg"), addressCells <= 2, sizeCells <= 2 else { return nil }
    let first = index &* (addressCells &+ sizeCells)
    guard let start = value.number(at: first, cells: addressCells),
      let size = value.number(at: first &+ addressCells, cells: sizeCells), size > 0
    else { return nil }
    return MemoryRange(start: start, size: size)
  }

  /// The GIC's ID of the `index`th interrupt (arm,gic binding: type, number, flags), or nil if there is none.
  public func interrupt(_ index: Int) -> UInt64? {
    guard let value = property("interrupts"), let type = value.number(at: 3 &* index, cells: 1),
      let number = value.number(at: 3 &* index &+ 1, cells: 1)
    else { return nil }
    switch type {
    case 0 where number < 988: return number &+ 32
    case 1 where number < 16: return number &+ 16
    default: return nil
    }
  }
}

/// Where the value of a property lies in the blob.
public struct PropertyValue: Sendable {
  let tree: DeviceTree
  let bytes: Range<Int>

  /// Number of 32-bit cells in the value.
  public var cellCount: Int { bytes.count / 4 }

  /// The number in `cells` cells (0...2) from cell `index` on, or nil if the value ends before.
  public func number(at index: Int, cells: Int) -> UInt64? {
    guard index >= 0, cells >= 0, cells <= 2, index <= cellCount &- cells else { return nil }
    var number: UInt64 = 0
    for cell in index..<index &+ cells {
      number = number &<< 32 | UInt64(tree.cell(at: bytes.lowerBound &+ 4 &* cell))
    }
    return number
  }

  /// Whether the value is this text.
  public func isString(_ text: StaticString) -> Bool {
    bytes.count == text.utf8CodeUnitCount &+ 1 && tree.hasString(text, at: bytes.lowerBound)
  }

  /// Whether this is one of the words, set apart by spaces, of a value that is text.
  public func hasWord(_ word: StaticString) -> Bool {
    let length = word.utf8CodeUnitCount
    var start = 0
    for index in 0..<count where self[index] == UInt8(ascii: " ") || self[index] == 0 {
      if index &- start == length, has(word, at: start) { return true }
      start = index &+ 1
    }
    return false
  }

  private func has(_ text: StaticString, at start: Int) -> Bool {
    for index in 0..<text.utf8CodeUnitCount where unsafe self[start &+ index] != text.utf8Start[index] {
      return false
    }
    return true
  }

  /// Number of bytes in the value.
  public var count: Int { bytes.count }

  /// The byte at an index; 0 behind the end.
  public subscript(index: Int) -> UInt8 {
    index >= 0 && index < bytes.count ? tree.byte(at: bytes.lowerBound &+ index) : 0
  }
}
