import Foundation
import KernelObjects
import Testing

/// Documentation/kernel as data: its tables.
struct Manual {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Documentation/kernel").standardizedFileURL

  /// Files without `.md`.
  static func pages() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).map { String($0.dropLast(3)) }
  }

  static func text(_ page: String) throws -> String {
    try String(contentsOf: folder.appendingPathComponent(page + ".md"), encoding: .utf8)
  }

  struct Table {
    var header: [String]
    var rows: [[String]]
  }

  struct Section {
    var title: String
    var text = ""
    var tables: [Table] = []

    /// The rows of the table that begins with a column of that name.
    func rows(_ firstColumn: String) -> [[String]] {
      tables.first { $0.header.first == firstColumn }?.rows ?? []
    }
  }

  /// A page's sections; the first is what comes before any heading of the second level.
  static func sections(_ page: String) throws -> [Section] {
    var sections = [Section(title: page)]
    var isInTable = false
    for line in try text(page).split(separator: "\n", omittingEmptySubsequences: false) {
      let last = sections.count - 1
      if line.hasPrefix("## ") { sections.append(Section(title: String(line.dropFirst(3)))) }
      guard line.hasPrefix("|") else {
        isInTable = false
        if !line.hasPrefix("#") { sections[last].text += line + "\n" }
        continue
      }
      let cells = line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: .whitespaces) }
      if !isInTable {
        sections[last].tables.append(Table(header: cells, rows: []))
        isInTable = true
      } else if cells.first?.hasPrefix("---") == false {
        sections[last].tables[sections[last].tables.count - 1].rows.append(cells)
      }
    }
    return sections
  }

  static func section(_ title: String, of page: String) throws -> Section {
    try #require(try sections(page).first { $0.title == title }, "\(page): no section \(title)")
  }

  /// What the answer to a fault can be refused with.
  static func faultAnswerErrors() throws -> Set<Status> {
    Set(try section("The answer", of: "faults").rows("error").map { try DocumentedInvocation.status($0[0]) })
  }
}

/// What is written of one invocation.
struct DocumentedInvocation {
  let invocation: Invocation
  let page: String
  let label: UInt64
  /// By position: 0 is the invoked capability, n is word n - 1.
  let arguments: [Argument]
  let errors: Set<Error>

  struct Argument {
    let word: String
    /// The type, if it is a capability.
    let capability: CapabilityType?
    let needs: Rights
  }

  struct Error: Hashable, CustomStringConvertible {
    let status: Status
    let argument: UInt64
    var description: String { "\(status.name) of argument \(argument)" }
  }

  init(_ section: Manual.Section, _ invocation: Invocation, page: String) throws {
    self.invocation = invocation
    self.page = page
    let words = section.text.split(whereSeparator: \.isWhitespace).map(String.init)
    label = try #require(UInt64(words[1].dropFirst(2).dropLast(), radix: 16), "\(words[1])")
    arguments = try section.rows("word").map { row in
      Argument(
        word: row[0], capability: Self.capability(row[2]), needs: try Self.rights(row[3]))
    }
    var errors: Set<Error> = []
    for row in section.rows("error") {
      errors.insert(Error(status: try Self.status(row[0]), argument: try #require(UInt64(row[1]))))
    }
    for (index, argument) in arguments.enumerated() where index > 0 && argument.capability != nil {
      errors.insert(Error(status: .invalidCapability, argument: UInt64(index)))
      errors.insert(Error(status: .wrongType, argument: UInt64(index)))
    }
    self.errors = errors
  }

  /// "capability: cnode", perhaps with more after a comma.
  private static func capability(_ cell: String) -> CapabilityType? {
    guard cell.hasPrefix("capability: ") else { return nil }
    let name = cell.dropFirst(12).prefix { $0 != "," }
    return CapabilityType.allCases.first { "\($0.name)" == name }
  }

  private static func rights(_ cell: String) throws -> Rights {
    let names: [String: Rights] = ["read": .read, "write": .write, "grant": .grant]
    if cell == "-" { return Rights() }
    return try cell.components(separatedBy: ", ").reduce(Rights()) {
      $0.union(try #require(names[$1], "\(cell)"))
    }
  }

  static func status(_ cell: String) throws -> Status {
    try #require(Status.allCases.first { "`\($0.name)`" == cell }, "\(cell) is no status")
  }

  /// All of the manual's.
  static func all() throws -> [DocumentedInvocation] {
    try Manual.pages().flatMap { page in
      try Manual.sections(page).compactMap { section in
        guard let invocation = Invocation.allCases.first(where: { "\($0)" == section.title }) else {
          return nil
        }
        return try DocumentedInvocation(section, invocation, page: page)
      }
    }
  }
}
