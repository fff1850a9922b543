import Foundation
import KernelObjects
import Testing

/// The manual's numbers and names are those of the code.
@Suite struct ManualTests {
  @Test func `the manual has each invocation once, on the page of its object, with its label`() throws {
    let documented = try DocumentedInvocation.all()
    #expect(documented.count == Invocation.allCases.count)
    for invocation in Invocation.allCases {
      let entry = try #require(documented.first { $0.invocation == invocation }, "\(invocation)")
      #expect(entry.label == invocation.rawValue, "\(invocation)")
      let type = try #require(CapabilityType(rawValue: invocation.objectType))
      #expect(entry.page == "\(type.name)", "\(invocation)")
      #expect(entry.arguments.first?.capability == type, "\(invocation)")
      let words = ["cap"] + (0..<6).map { "w\($0)" }
      #expect(words.starts(with: entry.arguments.map(\.word)), "\(invocation)")
    }
  }

  @Test func `the index lists every object that can be held, with its type and its invocations`() throws {
    let rows = try Manual.section("Objects", of: "README").rows("type")
    let types = CapabilityType.allCases.filter { $0 != .null && $0 != .zombie }
    #expect(rows.map { $0[0] } == types.map { "\($0.rawValue)" })
    for (row, type) in zip(rows, types) {
      #expect(row[1] == "[\(type.name)](\(type.name).md)")
      let invocations = Invocation.allCases.filter { $0.objectType == type.rawValue }.map { "`\($0)`" }
      #expect(row[4] == (invocations.isEmpty ? "-" : invocations.joined(separator: " ")))
    }
  }

  @Test func `every page is linked from the index, and the index from the documentation's`() throws {
    let index = try Manual.text("README")
    for page in try Manual.pages() where page != "README" {
      #expect(index.contains("(\(page).md)"), "\(page)")
    }
    let documentation = Manual.folder.appendingPathComponent("../README.md")
    #expect(try String(contentsOf: documentation, encoding: .utf8).contains("(kernel/README.md)"))
  }

  @Test func `every link leads to a page, and to a heading of it`() throws {
    for page in try Manual.pages() {
      for link in try Manual.text(page).matches(of: /\]\(([a-zA-Z-]+)\.md(?:#([a-z-]+))?\)/) {
        let target = String(link.1)
        let headings = try Manual.sections(target).map {
          $0.title.lowercased().replacingOccurrences(of: " ", with: "-")
        }
        if let heading = link.2 { #expect(headings.contains(String(heading)), "\(page): \(link.0)") }
      }
    }
  }

  @Test func `the rights have their bits`() throws {
    let rows = try Manual.section("Rights", of: "README").rows("right")
    let rights: [(String, Rights)] = [("read", .read), ("write", .write), ("grant, execute", .grant)]
    #expect(rows.map { $0[0] } == rights.map(\.0))
    #expect(rows.map { $0[1] } == rights.map { "\($0.1.rawValue)" })
  }

  @Test func `the system calls have their numbers`() throws {
    let rows = try Manual.section("system-calls", of: "system-calls").rows("number")
    #expect(rows.map { $0[0] } == SystemCall.allCases.map { "\($0.rawValue)" })
    #expect(rows.map { $0[1] } == SystemCall.allCases.map { "`\($0)`" })
  }

  @Test func `message info has its fields`() throws {
    let rows = try Manual.section("Message info", of: "system-calls").rows("field")
    let fields: [(String, BitField)] = [
      ("length", MessageInfo.lengthField), ("capability", MessageInfo.capabilityField),
      ("label", MessageInfo.labelField),
    ]
    #expect(rows.map { $0[0] } == fields.map(\.0))
    for (row, (_, field)) in zip(rows, fields) {
      let last = field.shift + field.width - 1
      #expect(row[1] == (field.width == 1 ? "\(field.shift)" : "\(field.shift)...\(last)"))
    }
  }

  @Test func `the statuses have their numbers, and all but the reserved ones are errors of something`() throws
  {
    let rows = try Manual.section("statuses", of: "statuses").rows("number")
    #expect(rows.map { $0[0] } == Status.allCases.map { "\($0.rawValue)" })
    #expect(rows.map { $0[1] } == Status.allCases.map { "`\($0.name)`" })
    var used = Set(try DocumentedInvocation.all().flatMap { $0.errors.map(\.status) })
    let calls = try Manual.section("Errors", of: "system-calls").rows("call")
    used.formUnion(try calls.map { try DocumentedInvocation.status($0[1]) })
    used.formUnion(try Manual.faultAnswerErrors())
    let reserved = try rows.filter { $0[2].hasPrefix("reserved") }.map {
      try DocumentedInvocation.status($0[1])
    }
    #expect(used == Set(Status.allCases).subtracting(reserved).subtracting([.ok]))
  }

  @Test func `the faults and the states of a domain have their names`() throws {
    let faults = try Manual.section("faults", of: "faults").rows("number")
    let kinds = FaultKind.allCases.filter { $0 != .none }
    #expect(faults.map { $0[0] } == kinds.map { "\($0.rawValue)" })
    #expect(faults.map { $0[1] } == kinds.map { "`\($0.name)`" })
    let states = try Manual.section("domain", of: "domain").rows("state")
    #expect(states.map { $0[0] } == DomainState.allCases.map { "`\($0.name)`" })
  }
}
