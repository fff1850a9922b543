internal import Inspection

/// Rows of cells under titles; in JSON an array of objects.
package struct Table {
  package struct Column: Sendable {
    package enum Alignment: Sendable { case left, right, hidden }

    let title: String
    let key: String
    let alignment: Alignment

    /// The key is what JSON calls it.
    package init(_ title: String, _ key: String, _ alignment: Alignment = .left) {
      self.title = title
      self.key = key
      self.alignment = alignment
    }

    /// A column that only JSON has.
    static func jsonOnly(_ key: String) -> Column { Column("", key, .hidden) }
  }

  package let columns: [Column]
  private var added: [[Cell]] = []
  /// Rows that are made when they are shown, before those that were added.
  private let madeCount: Int
  private let makeRow: (Int, inout RowWriter) -> Void

  package init(_ columns: [Column]) {
    self.init(columns, count: 0) { _, _ in }
  }

  /// A table of so many rows that each had better not exist before it is shown. `row` adds the cells of one.
  init(_ columns: [Column], count: Int, row: @escaping (Int, inout RowWriter) -> Void) {
    self.columns = columns
    madeCount = count
    makeRow = row
  }

  /// Adds a row; there is a cell for each column.
  package mutating func add(_ cells: [Cell]) {
    precondition(cells.count == columns.count, "a row of \(cells.count) cells under \(columns.count) titles")
    added.append(cells)
  }

  package var count: Int { madeCount + added.count }

  package var isEmpty: Bool { count == 0 }

  package func row(_ index: Int) -> [Cell] {
    var writer = RowWriter(columnCount: columns.count)
    write(index, to: &writer)
    return writer.cells
  }

  private func write(_ index: Int, to writer: inout RowWriter) {
    if index < madeCount { return makeRow(index, &writer) }
    for cell in added[index - madeCount] { writer.add(cell) }
  }

  var json: JSONValue {
    .array(
      (0..<count).map { index in
        .object(zip(columns, row(index)).map { JSONValue.Member($0.key, $1.json) })
      })
  }

  /// Writes what ``json`` is, each row on a line of its own. Unfinished if the meter stops.
  func writeJSON(to text: AnswerText, depth: Int, _ meter: WorkMeter) {
    meter.expect(count)
    let keys = columns.enumerated().map { index, column in
      let text = AnswerText(index == 0 ? "{" : ", ")
      JSONValue.write(string: column.key, to: text)
      text.append(": ")
      return Array(text.string.utf8)
    }
    let ends = keys.indices.map { keys[...$0].reduce(0) { $0 + $1.count } }
    keys.flatMap(\.self).withUnsafeBytes { keys in
      var writer = RowWriter(to: text, keys: keys, ends: ends)
      JSONValue.write(count: count, "[", "]", to: text, depth: depth) { index in
        guard meter.advance() else { return }
        writer.begin()
        write(index, to: &writer)
        text.append(byte: UInt8(ascii: "}"))
      }
    }
  }

  /// Aligned lines, the titles first.
  var lines: [String] { lines(WorkMeter()) }

  /// Unfinished if the meter stops.
  func lines(_ meter: WorkMeter) -> [String] {
    meter.expect(2 * count)
    var texts = [columns.map(\.title)]
    texts.reserveCapacity(count + 1)
    for index in 0..<count where meter.advance() { texts.append(row(index).map(\.text)) }
    let widths = columns.indices.map { column in texts.map { $0[column].count }.max() ?? 0 }
    return texts.map { line in
      guard meter.advance() else { return "" }
      var text = ""
      for (column, cell) in line.enumerated() where columns[column].alignment != .hidden {
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        text +=
          (column == 0 ? "" : "  ") + (columns[column].alignment == .right ? padding + cell : cell + padding)
      }
      return text.trimmingTrailingSpaces
    }
  }
}

extension String {
  var trimmingTrailingSpaces: String {
    var text = self[...]
    while text.last == " " { text = text.dropLast() }
    return String(text)
  }
}
