package import TargetLink

/// Reads translation tables that no snapshot has: those of the kernel's half.
package enum TableReader {
  /// All tables below a root, at most `limit` of them; those that cannot be read are left out.
  package static func readAll(
    below root: UInt64, from target: any Target, limit: Int = 1 << 12
  ) throws(TargetError) -> [UInt64: [UInt64]] {
    var tables: [UInt64: [UInt64]] = [:]
    var wave: Set<UInt64> = [root]
    for level in UInt64(0)...3 where !wave.isEmpty {
      let addresses = wave.sorted().prefix(limit - tables.count)
      wave = []
      for (address, table) in try read(Array(addresses), from: target) {
        tables[address] = table
        for word in table where level < 3 {
          guard case .table(let next) = TranslationEntry(word: word, level: level).kind,
            tables[next] == nil
          else { continue }
          wave.insert(next)
        }
      }
    }
    return tables
  }

  /// The tables that a walk for one address needs.
  package static func read(
    for address: UInt64, below root: UInt64, from target: any Target
  ) throws(TargetError) -> [UInt64: [UInt64]] {
    var tables: [UInt64: [UInt64]] = [:]
    var table = root
    for level in UInt64(0)...3 where tables[table] == nil {
      guard let entries = try read([table], from: target)[table] else { break }
      tables[table] = entries
      let word = entries[TranslationTable.index(of: address, level: level)]
      guard case .table(let next) = TranslationEntry(word: word, level: level).kind else { break }
      table = next
    }
    return tables
  }

  private static func read(
    _ addresses: [UInt64], from target: any Target
  ) throws(TargetError) -> [UInt64: [UInt64]] {
    let size = TranslationTable.size
    let answers = try target.readPhysical(addresses.map { MemoryRange(address: $0, count: size) })
    var tables: [UInt64: [UInt64]] = [:]
    for (address, answer) in zip(addresses, answers) {
      guard let answer, answer.count == size else { continue }
      let view = ByteView(answer)
      tables[address] = (0..<TranslationTable.entryCount).map { view.integer(at: $0 * 8, size: 8) }
    }
    return tables
  }
}
