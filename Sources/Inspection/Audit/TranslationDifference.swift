/// One place where the processor's translation and the kernel's objects do not say the same.
package struct TranslationDifference: Hashable, Sendable {
  /// Physical address of the table; of the root, if the difference is in a register.
  package let table: UInt64
  /// Descriptor in it; nil if the difference concerns the table as a whole.
  package let index: Int?
  /// Of the table, 0...3.
  package let level: UInt64
  /// What is not the same: `address`, `rights`, `nG`, …
  package let aspects: [String]
  /// What the processor finds.
  package let processor: String
  /// What the kernel's objects say.
  package let kernel: String

  /// The difference as a sentence about the table.
  package var finding: Finding {
    Finding(
      object: "table \(hexadecimal(table))",
      field: (index.map { "[\($0)] " } ?? "") + aspects.joined(separator: ", "),
      text: "the processor finds \(processor); the kernel's objects say \(kernel)")
  }
}

/// Differences, up to a number of them.
package struct DifferenceList: Sendable {
  private static let limit = 256
  package private(set) var all: [TranslationDifference] = []
  /// Differences beyond the limit.
  package private(set) var omitted = 0

  mutating func add(_ difference: TranslationDifference) {
    if all.count < Self.limit { all.append(difference) } else { omitted += 1 }
  }

  mutating func add(
    _ table: UInt64, _ index: Int?, level: UInt64, _ aspects: [String], _ processor: String, _ kernel: String
  ) {
    add(
      TranslationDifference(
        table: table, index: index, level: level, aspects: aspects, processor: processor, kernel: kernel))
  }

  /// Those of one descriptor.
  package func of(table: UInt64, index: Int) -> [TranslationDifference] {
    all.filter { $0.table == table && $0.index == index }
  }
}
