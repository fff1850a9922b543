internal import Inspection

/// Rows of cells under titles; in JSON an array of objects.
package struct Table: Sendable {
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
  package private(set) var rows: [[Cell]] = []

  package init(_ columns: [Column]) { self.columns = columns }

  /// Adds a row; there is a cell for each column.
  package mutating func add(_ cells: [Cell]) {
    precondition(cells.count == columns.count, "a row of \(cells.count) cells under \(columns.count) titles")
    rows.append(cells)
  }

  var json: JSONValue {
    .array(
      rows.map { row in
        .object(zip(columns, row).map { JSONValue.Member($0.key, $1.json) })
      })
  }

  /// Aligned lines, the titles first.
  var lines: [String] { lines(WorkMeter()) }

  /// Unfinished if the meter stops.
  func lines(_ meter: WorkMeter) -> [String] {
    meter.expect(rows.count)
    let titles = columns.map(\.title)
    let texts = [titles] + rows.map { $0.map(\.text) }
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
