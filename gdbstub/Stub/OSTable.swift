/// A table of the operating system's objects, as gdb's `info os` shows them.
public struct OSTable: Sendable {
  /// What follows `info os`.
  public let name: StaticString
  /// A heading.
  public let title: StaticString
  /// One sentence.
  public let description: StaticString

  public init(name: StaticString, title: StaticString, description: StaticString) {
    self.name = name
    self.title = title
    self.description = description
  }
}

/// The rows of a table, in the format of the GDB manual's appendix "Operating System Information".
public struct TableRows {
  var text: ReplyText

  /// Whether no more is wanted: the rest of the rows need not be written.
  public var isFull: Bool { text.isFull }

  /// Writes one row: all of its columns, in the same order as in every other row of the table.
  public mutating func row(_ columns: (inout TableRows) -> Void) {
    text.markup("<item>")
    columns(&self)
    text.markup("</item>\n")
  }

  /// Writes one column of a row.
  public mutating func column(_ name: StaticString, _ value: (inout ReplyText) -> Void) {
    text.markup("<column name=\"")
    text.append(name)
    text.markup("\">")
    text.escapesMarkup = true
    value(&text)
    text.escapesMarkup = false
    text.markup("</column>")
  }

  /// Writes a column of text.
  public mutating func column(_ name: StaticString, _ value: StaticString) {
    column(name) { $0.append(value) }
  }

  /// Writes a column with an address or another number that is better read in hexadecimal.
  public mutating func column(_ name: StaticString, hexadecimal value: UInt64) {
    column(name) {
      $0.append("0x")
      $0.append(hexadecimal: value)
    }
  }

  /// Writes a column with a count.
  public mutating func column(_ name: StaticString, decimal value: UInt64) {
    column(name) { $0.append(decimal: value) }
  }
}
