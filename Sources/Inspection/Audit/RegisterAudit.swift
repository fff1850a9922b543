package import TargetLink

/// The processor's own registers of a stopped system, compared with what the kernel's state and descriptor say.
package enum RegisterAudit {
  /// What ``compare(_:with:)`` looks at, as debug interfaces name it.
  private enum Name {
    static let user = "TTBR0_EL1"
    static let kernel = "TTBR1_EL1"
    static let attributes = "MAIR_EL1"
    static let control = "TCR_EL1"
  }

  /// Registers that the target does not have are not compared.
  package static func compare(_ registers: [RegisterValue], with snapshot: Snapshot) -> DifferenceList {
    var list = DifferenceList()
    let regime = snapshot.layouts.regime
    let values = Dictionary(registers.map { ($0.name, $0.value) }) { first, _ in first }
    if let value = values[Name.user], snapshot.consistency == .consistent {
      compareUser(value, snapshot, &list)
    }
    if let value = values[Name.kernel], let root = regime.kernelRoot,
      TranslationRegime.tableAddress(value) != root
    {
      add(root, Name.kernel, hexadecimal(value), "table \(hexadecimal(root))", &list)
    }
    // Without its tables in the descriptor the kernel says nothing of these registers either.
    guard let root = regime.kernelRoot else { return list }
    if let value = values[Name.attributes], value != regime.memoryAttributes {
      add(root, Name.attributes, hexadecimal(value), hexadecimal(regime.memoryAttributes), &list)
    }
    if let value = values[Name.control], value != regime.control {
      add(root, Name.control, hexadecimal(value), hexadecimal(regime.control), &list)
    }
    return list
  }

  private static func compareUser(_ value: UInt64, _ snapshot: Snapshot, _ list: inout DifferenceList) {
    let active = snapshot.state.activeRoot
    let owners = snapshot.slots.records.compactMap { slot -> UInt64? in
      guard slot.capability.address == active, case .protectionDomain(let asid) = slot.capability.detail
      else { return nil }
      return asid
    }
    let asid = owners.min() ?? 0
    guard TranslationRegime.tableAddress(value) != active || TranslationRegime.asid(value) != asid else {
      return
    }
    add(
      active, Name.user,
      "table \(hexadecimal(TranslationRegime.tableAddress(value))), ASID \(TranslationRegime.asid(value))",
      "table \(hexadecimal(active)), ASID \(asid)", &list)
  }

  private static func add(
    _ root: UInt64, _ register: String, _ processor: String, _ kernel: String, _ list: inout DifferenceList
  ) {
    list.add(root, nil, level: 0, [register], processor, kernel)
  }
}
