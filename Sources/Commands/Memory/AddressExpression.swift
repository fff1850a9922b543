internal import Inspection
internal import TargetLink

extension CommandSession {
  /// The value of an address as a user writes it: a number, a symbol, a register as `$pc`, each with `+` or `-`
  /// a number.
  func address(_ text: String) throws(CommandError) -> UInt64 {
    let sign = text.dropFirst().lastIndex { $0 == "+" || $0 == "-" }
    if let sign, let offset = Snapshot.number(String(text[text.index(after: sign)...])) {
      let base = try term(String(text[..<sign]))
      return text[sign] == "+" ? base &+ offset : base &- offset
    }
    return try term(text)
  }

  private func term(_ text: String) throws(CommandError) -> UInt64 {
    if let number = Snapshot.number(text) { return number }
    let candidates = symbols?.candidates(text) ?? []
    if candidates.count == 1 { return candidates[0].address }
    guard candidates.isEmpty else {
      let list = candidates.prefix(8).map { "\(hexadecimal($0.address)) \($0.shortName)" }.joined(
        separator: ", ")
      throw CommandError(.usage, "`\(text.printable)` could be \(list)")
    }
    // Mangled names begin with `$` too, so this comes last.
    if text.hasPrefix("$") { return try register(String(text.dropFirst())) }
    let hint = symbols == nil ? "; there are no symbols: \(symbolsMissing)" : ""
    throw CommandError(.usage, "`\(text.printable)` is no address: write 0x…, a symbol or $pc\(hint)")
  }

  private func register(_ name: String) throws(CommandError) -> UInt64 {
    let registers = try read { () throws(TargetError) in try self.target.readRegisters() }
    guard let register = registers.first(where: { $0.name == name }) else {
      throw CommandError(.usage, "the target has no register `\(name.printable)`; see `registers`")
    }
    return register.value
  }

  /// Whether the address is translated by TTBR1.
  func isKernelAddress(_ address: UInt64) -> Bool { address >> 48 == 0xffff }

  /// The physical address behind one of the kernel's direct map.
  func directMapped(_ address: UInt64) throws(CommandError) -> UInt64 {
    let physical = address &- layouts.constants.directMapOffset
    guard physical < 1 << 48 else {
      throw CommandError(.refused, "\(hexadecimal(address)) is not in the kernel's direct map")
    }
    return physical
  }

  /// The domain a word names, or the one whose registers the processor holds.
  func domainOrCurrent(_ word: String?, in snapshot: Snapshot) throws(CommandError) -> UInt64 {
    if let word { return try select(.domain, word, in: snapshot) }
    guard snapshot.domains[snapshot.state.current] != nil else {
      throw CommandError(.usage, "the processor is idle: name a domain before the address")
    }
    return snapshot.state.current
  }
}
