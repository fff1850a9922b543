internal import Inspection

/// What a command found, to be shown as text or as one JSON object.
package struct Answer {
  /// A part of the answer, under its JSON key.
  package struct Part {
    package enum Content {
      case table(Table)
      case record([Field])
      case lines([String], JSONValue)
    }

    let key: String
    let content: Content
  }

  /// One line of a record.
  package struct Field {
    let title: String
    let key: String
    let cell: Cell

    package init(_ title: String, _ key: String, _ cell: Cell) {
      self.title = title
      self.key = key
      self.cell = cell
    }
  }

  package private(set) var parts: [Part] = []
  /// Remarks that people see after the answer; JSON has them in other members.
  package private(set) var notes: [String] = []
  /// What a command that looks for something wrong has found, as a sentence for a script's exit status.
  package var alarm: String?
  /// Whether `--json` was given.
  package var wantsJSON = false

  package init() {}

  package init(_ key: String, _ table: Table) { add(key, table) }

  package init(_ key: String, _ record: [Field]) { add(key, record) }

  /// A sentence.
  package init(_ message: String) { add("message", [message], .string(message)) }

  package mutating func add(_ key: String, _ table: Table) {
    parts.append(Part(key: key, content: .table(table)))
  }

  package mutating func add(_ key: String, _ record: [Field]) {
    parts.append(Part(key: key, content: .record(record)))
  }

  package mutating func add(_ key: String, _ lines: [String], _ json: JSONValue) {
    parts.append(Part(key: key, content: .lines(lines, json)))
  }

  package mutating func note(_ text: String) { notes.append(text) }

  /// The answer as it is to be printed, without a newline at the end.
  package var rendered: String { rendered(WorkMeter()).string }

  /// Unfinished if the meter stops.
  func rendered(_ meter: WorkMeter) -> AnswerText {
    guard wantsJSON else { return AnswerText(text(meter)) }
    let text = AnswerText()
    JSONValue.write(count: parts.count, "{", "}", to: text, depth: 0) { index in
      let part = parts[index]
      JSONValue.write(string: part.key, to: text)
      text.append(": ")
      switch part.content {
      case .table(let table): table.writeJSON(to: text, depth: 1, meter)
      case .record(let fields):
        JSONValue.object(fields.map { .init($0.key, $0.cell.json) }).write(to: text, depth: 1)
      case .lines(_, let json): json.write(to: text, depth: 1)
      }
    }
    return text
  }

  package var json: JSONValue {
    .object(
      parts.map { part in
        switch part.content {
        case .table(let table): .init(part.key, table.json)
        case .record(let fields): .init(part.key, .object(fields.map { .init($0.key, $0.cell.json) }))
        case .lines(_, let json): .init(part.key, json)
        }
      })
  }

  package var text: String { text(WorkMeter()) }

  private func text(_ meter: WorkMeter) -> String {
    var blocks: [[String]] = []
    for part in parts {
      switch part.content {
      case .table(let table): blocks.append(table.lines(meter))
      case .record(let fields): blocks.append(Self.lines(of: fields))
      case .lines(let lines, _): blocks.append(lines)
      }
    }
    if !notes.isEmpty { blocks.append(notes.map { "note: " + $0 }) }
    return blocks.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
  }

  private static func lines(of fields: [Field]) -> [String] {
    let width = fields.map(\.title.count).max() ?? 0
    return fields.map {
      $0.title + String(repeating: " ", count: width - $0.title.count) + "  " + $0.cell.text
    }
  }
}
