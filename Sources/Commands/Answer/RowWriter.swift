/// Takes the cells of one row after another, from the first column to the last.
///
/// Rows of JSON are written at once: a table may have a million, of which no cell needs to be kept.
struct RowWriter {
  /// Those of the row, unless it is written.
  private(set) var cells: [Cell] = []
  private let text: AnswerText
  /// What is written before the cells, one after the other; empty if cells are kept.
  private let keys: UnsafeRawBufferPointer
  /// Where each of them ends.
  private let keyEnds: [Int]
  private var column = 0

  /// Keeps the cells of one row.
  init(columnCount: Int) {
    keys = UnsafeRawBufferPointer(start: nil, count: 0)
    keyEnds = []
    text = AnswerText()
    cells.reserveCapacity(columnCount)
  }

  /// Writes members of objects, each with what comes before it: `keys` up to the first of `ends`, from there to the
  /// next, and so on. They are not copied, and must be there as long as this is used.
  init(to text: AnswerText, keys: UnsafeRawBufferPointer, ends: [Int]) {
    self.text = text
    self.keys = keys
    keyEnds = ends
  }

  mutating func add(_ cell: Cell) {
    guard isWriting else { return cells.append(cell) }
    writeKey()
    cell.writeJSON(to: text)
  }

  /// What ``Cell/text(_:)`` is, without making one where it is written at once.
  mutating func add(text value: String) {
    guard isWriting else { return cells.append(.text(value)) }
    writeKey()
    JSONValue.write(string: value, to: text)
  }

  /// What ``Cell/indented(_:by:)`` is for `NAME[INDEX]`.
  mutating func add(element index: UInt64, of name: String, indentedBy depth: Int) {
    guard isWriting else { return cells.append(.indented("\(name)[\(index)]", by: depth)) }
    writeKey()
    text.append(byte: UInt8(ascii: "\""))
    JSONValue.write(characters: name, to: text)
    text.append(byte: UInt8(ascii: "["))
    text.append(decimal: index)
    text.append("]\"")
  }

  /// What ``Cell/number(_:)`` is.
  mutating func add(number value: UInt64) {
    guard isWriting else { return cells.append(.number(value)) }
    writeKey()
    text.append(decimal: value)
  }

  private var isWriting: Bool { !keys.isEmpty }

  private mutating func writeKey() {
    let start = column == 0 ? 0 : keyEnds[column - 1]
    text.append(UnsafeRawBufferPointer(rebasing: keys[start..<keyEnds[column]]))
    column += 1
  }

  /// To be called before each row.
  mutating func begin() { column = 0 }
}
