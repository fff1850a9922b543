/// Goes through the nodes of a tree, parents before their children.
public struct DeviceNodeIterator {
  private let tree: DeviceTree
  private var offset: Int
  private var depth = 0
  /// Cells of addresses and sizes that the open node at each depth prescribes to its children.
  private var cells = InlineArray<8, Cells>(repeating: .standard)
  private var isFinished = false

  private struct Cells {
    var address: Int
    var size: Int
    /// What holds where nothing is said (2.3.5).
    static let standard = Cells(address: 2, size: 1)
  }

  init(_ tree: DeviceTree) {
    self.tree = tree
    offset = tree.structure.lowerBound
  }

  /// The next node, or nil behind the last.
  public mutating func next() throws(DeviceTreeError) -> DeviceNode? {
    while !isFinished {
      switch tree.token(at: &offset) {
      case .beginNode: return try beginNode()
      case .endNode:
        guard depth > 0 else { throw .malformed }
        depth &-= 1
      case .property:
        offset &-= 4
        guard tree.property(at: &offset) != nil else { throw .malformed }
      case .nop: break
      case .end:
        guard depth == 0 else { throw .malformed }
        isFinished = true
      case nil: throw .malformed
      }
    }
    return nil
  }

  private mutating func beginNode() throws(DeviceTreeError) -> DeviceNode {
    guard depth <= DeviceTree.depthLimit else { throw .tooDeep }
    let name = offset
    guard let end = tree.endOfString(at: offset) else { throw .malformed }
    offset = DeviceTree.aligned(end)
    let parent = depth > 0 ? cells[depth &- 1] : .standard
    let node = DeviceNode(
      tree: tree, name: name, properties: offset, depth: depth, addressCells: parent.address,
      sizeCells: parent.size)
    if depth < DeviceTree.depthLimit {
      cells[depth] = Cells(
        address: node.cellCount("#address-cells") ?? Cells.standard.address,
        size: node.cellCount("#size-cells") ?? Cells.standard.size)
    }
    depth &+= 1
    return node
  }
}

extension DeviceTree {
  /// All nodes, the root first.
  public func nodes() -> DeviceNodeIterator { DeviceNodeIterator(self) }

  /// The tokens of the structure block (5.4.1).
  enum Token: UInt32 {
    case beginNode = 1
    case endNode = 2
    case property = 3
    case nop = 4
    case end = 9
  }

  /// The token at the offset, which moves on; nil if it is none or the block has ended.
  func token(at offset: inout Int) -> Token? {
    guard offset >= structure.lowerBound, offset <= structure.upperBound &- 4 else { return nil }
    defer { offset &+= 4 }
    return Token(rawValue: cell(at: offset))
  }

  /// The property whose token is at the offset, which moves behind it; nil at anything else.
  func property(at offset: inout Int) -> (name: Int, value: PropertyValue)? {
    var next = offset
    var token = token(at: &next)
    while token == .nop { token = self.token(at: &next) }
    guard token == .property, next <= structure.upperBound &- 8 else { return nil }
    let count = Int(cell(at: next))
    let name = Int(cell(at: next &+ 4))
    let start = next &+ 8
    guard count <= structure.upperBound &- start, name < strings.count else { return nil }
    offset = Self.aligned(start &+ count)
    return (strings.lowerBound &+ name, PropertyValue(tree: self, bytes: start..<start &+ count))
  }

  /// Offset behind the zero that ends the string; nil if there is none in the structure block.
  func endOfString(at start: Int) -> Int? {
    var offset = start
    while offset < structure.upperBound {
      if byte(at: offset) == 0 { return offset &+ 1 }
      offset &+= 1
    }
    return nil
  }

  /// Tokens are aligned to four bytes from the start of the blob.
  static func aligned(_ offset: Int) -> Int { (offset &+ 3) & ~3 }
}

extension DeviceNode {
  fileprivate func cellCount(_ name: StaticString) -> Int? {
    guard let number = property(name)?.number(at: 0, cells: 1), number <= 4 else { return nil }
    return Int(number)
  }
}
