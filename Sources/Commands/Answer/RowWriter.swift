/// Takes the cells of one row after another, from the first column to the last.
///
/// Rows of JSON are written at once: a table may have a million, of which no cell needs to be kept.
struct RowWriter {
  /// Those of the row, unless it is written.
  private(set) var cells: [Cell] = []
  private let text: AnswerText
  /// What is written before each cell; empty if cells are kept.
  private let keys: [[UInt8]]
  private var column = 0

  /// Keeps the cells of one row.
  init(columnCount: Int) {
    keys = []
    text = AnswerText()
    cells.reserveCapacity(columnCount)
  }

  /// Writes members of objects, each with what comes before it.
  init(to text: AnswerText, keys: [[UInt8]]) {
    self.text = text
    self.keys = keys
  }

  mutating func add(_ cell: Cell) {
    guard !keys.isEmpty else { return cells.append(cell) }
    text.append(keys[column])
    cell.writeJSON(to: text)
    column += 1
  }

  /// To be called before each row.
  mutating func begin() { column = 0 }
}
