import Foundation
import TargetLink
import Testing

/// Who reaches which memory of a running system, and what could be made to reach it, as `vesper` shows it.
struct ReachedMemory {
  private typealias Row = [String: Any]
  private let capabilities, segments: [Row]
  private let mappings: [String: [Row]]

  /// - Parameter machine: goes on meanwhile.
  /// - Throws: if `vesper` does not answer.
  init(_ machine: QEMUMachine) throws {
    func rows(_ command: String, _ name: String) throws -> [Row] {
      let program = try Program([
        BuiltFiles.vesper, "exec", "qemu:\(machine.processID)", "--json", command,
      ])
      try #require(program.status == 0, "\(program.errors)")
      let answer = try JSONSerialization.jsonObject(with: Data(program.output.utf8))
      return try #require((answer as? Row)?[name] as? [Row], "\(program.output)")
    }
    capabilities = try rows("caps", "capabilities")
    segments = try rows("segments", "segments")
    mappings = try ["block", "disk-test"].reduce(into: [:]) {
      $0[$1] = try rows("mappings \($1)", "mappings")
    }
  }

  private func held(by domain: String) -> [(slot: Int, row: Row)] {
    capabilities.compactMap { row in
      guard let match = (row["slot"] as? String)?.wholeMatch(of: /(.+)\.cnode\[(\d+)\]/),
        match.1 == domain, let slot = Int(match.2)
      else { return nil }
      return (slot, row)
    }
  }

  /// Types of all capabilities in a domain's root CNode.
  func types(heldBy domain: String) -> Set<String> {
    Set(held(by: domain).compactMap { $0.row["type"] as? String })
  }

  /// Names of the segments that are in some slots of a domain's.
  func segments(heldBy domain: String, slots: Range<Int>) -> Set<String> {
    let rows = held(by: domain).filter { slots.contains($0.slot) && $0.row["type"] as? String == "segment" }
    return Set(rows.compactMap { $0.row["object"] as? String })
  }

  /// Names of the segments that are attached to a domain's ProtectionDomain.
  func attached(to domain: String) -> Set<String> {
    let rows = segments.filter { row in
      (row["domains"] as? [Row] ?? []).contains { $0["domain"] as? String == domain }
    }
    return Set(rows.compactMap { $0["name"] as? String })
  }

  /// Numbers of the physical pages that a domain can reach, of all its segments or of some.
  func pages(of domain: String, in segments: Set<String>? = nil) -> Set<UInt64> {
    let rows = (mappings[domain] ?? []).filter { row in
      segments.map { $0.contains(row["segment"] as? String ?? "") } ?? true
    }
    return rows.reduce(into: []) { pages, row in
      guard let text = row["physical"] as? String, let size = row["size"] as? Int,
        let first = UInt64(text.dropFirst(2), radix: 16)
      else { return }
      for page in 0..<UInt64(size) >> 12 { pages.insert(first >> 12 + page) }
    }
  }
}
