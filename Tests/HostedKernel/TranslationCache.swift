internal import KernelCore
internal import KernelObjects

/// A TLB that caches all it may and forgets only what it is told to forget: whatever the kernel does not invalidate in
/// time is found here. QEMU's forgets everything when the ASID changes, so that nothing stale is ever seen in it.
///
/// The kernel's translations are not among them: they do not change.
package struct TranslationCache {
  private var root: UInt64 = 0
  private var asid: UInt64 = 0
  /// By ASID, what a page's address was translated by.
  private var cached: [UInt64: [UInt64: Translation]] = [:]
  /// Translations that were used in all.
  package private(set) var uses = 0
  /// Translations that were forgotten while they were cached.
  package private(set) var forgotten = 0

  /// The page's descriptor, and that of the segment in the table above, which limits it (APTable, UXNTable).
  private struct Translation: Equatable {
    let page: UInt64
    let segment: UInt64
  }

  mutating func activate(root: UInt64, asid: UInt64) {
    self.root = root
    self.asid = asid
  }

  /// TLBI ASIDE1IS.
  mutating func forget(asid: UInt64) { forgotten += cached.removeValue(forKey: asid)?.count ?? 0 }

  /// TLBI VAAE1IS.
  mutating func forget(page address: UInt64) {
    for asid in cached.keys where cached[asid]?.removeValue(forKey: address) != nil { forgotten += 1 }
  }

  /// The program that runs uses all that it can reach.
  ///
  /// - Returns: the addresses of pages that it reaches by translations which the tables do not have any more.
  package mutating func use() -> [UInt64] {
    var present: [UInt64: Translation] = [:]
    walk(root, level: 0, base: 0, segment: 0, into: &present)
    uses += present.count
    let stale = (cached[asid] ?? [:]).filter { present[$0.key] != $0.value }.keys
    cached[asid, default: [:]].merge(present) { old, _ in old }
    return stale.sorted()
  }

  private func walk(
    _ table: UInt64, level: UInt64, base: UInt64, segment: UInt64, into present: inout [UInt64: Translation]
  ) {
    for index in 0..<512 as Range<UInt64> {
      let word = Reference<UInt64>(table)[index].object
      guard TranslationDescriptor(word: word).isValid else { continue }
      let address = base | index << (39 - 9 * level)
      if level == 3 {
        present[address] = Translation(page: word, segment: segment)
      } else {
        walk(
          TranslationDescriptor(word: word).address, level: level + 1, base: address, segment: word,
          into: &present)
      }
    }
  }
}
