import Foundation
import Testing

/// The measurements are repeatable to the instruction, so a path that grows is seen at once.
///
/// VESPER_RECORD_BENCH=1 writes down what they are now.
struct BenchTests {
  private static let record = "\(BuiltFiles.root)/Tests/SystemTests/Recorded/bench.txt"
  private static let shouldRecord = ProcessInfo.processInfo.environment["VESPER_RECORD_BENCH"] == "1"

  private func rows(_ text: String) throws -> [(name: String, figure: Int)] {
    try text.split(separator: "\n").map { line in
      let parts = line.split(separator: " ")
      return (String(parts[0]), try #require(parts.count == 2 ? Int(parts[1]) : nil, "\(line)"))
    }
  }

  /// One run for all tests: it would be the same again.
  private static let measurements = Result {
    try Program(
      ["userland/Bench/run.sh", BuiltFiles.bench, BuiltFiles.production, BuiltFiles.entries], bound: 600)
  }

  @Test func `no operation takes 2 % more instructions than it was recorded with`() throws {
    let run = try Self.measurements.get()
    #expect(run.status == 0, "\(run.errors)")
    if Self.shouldRecord { try run.output.write(toFile: Self.record, atomically: true, encoding: .utf8) }
    let recorded = try rows(String(contentsOfFile: Self.record, encoding: .utf8))
    let measured = try rows(run.output)
    #expect(measured.map(\.name) == recorded.map(\.name))
    for (old, new) in zip(recorded, measured) {
      #expect(new.figure * 100 <= old.figure * 102, "\(new.name): \(old.figure) before, \(new.figure) now")
    }
  }

  @Test func `no kernel entry is longer than the documented limit, whatever the operation`() throws {
    let longest = try rows(Self.measurements.get().output).filter { $0.name.starts(with: "longest-") }
    #expect(longest.count > 20)
    for row in longest { #expect(row.figure <= EntryLimit.instructions, "\(row.name)") }
  }

  @Test func `the limit on kernel entries is the one that the documentation states`() throws {
    let page = try String(
      contentsOfFile: "\(BuiltFiles.root)/Documentation/long-operations.md", encoding: .utf8)
    let stated = try #require(page.firstMatch(of: /No kernel entry is longer than ([0-9,]+) instructions/))
    #expect(Int(stated.1.filter { $0 != "," }) == EntryLimit.instructions)
  }

  @Test func `the table has a row for each figure, met or missed`() throws {
    let figures = try String(contentsOfFile: Self.record, encoding: .utf8)
    let table = try Program(["userland/Bench/table.sh", "userland/Bench/rows.txt"], input: figures)
    #expect(table.status == 0, "\(table.errors)")
    for row in try rows(figures) { #expect(table.output.contains(" \(row.figure) "), "\(row.name)") }
  }

  @Test func `a row that was not measured is named`() throws {
    let table = try Program(["userland/Bench/table.sh", "userland/Bench/rows.txt"], input: "call-0 100\n")
    #expect(table.status == 1)
    #expect(table.errors.contains("not measured: call-4"))
    #expect(table.output.contains("100"))
  }
}
