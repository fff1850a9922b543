/// What one descriptor means, in words: as the processor reads it, and as the capability that is entered there says.
struct EntryMeaning {
  let regime: TranslationRegime
  let names: ObjectNames

  func processor(_ entry: TranslationEntry) -> String {
    switch entry.kind {
    case .invalid: return "nothing (translation fault, level \(entry.level))"
    case .table(let next):
      return "table \(hexadecimal(next)), leaves \(entry.rights.text("x"))" + flags(entry)
    case .leaf(let address):
      let what = entry.level == 3 ? "page" : "block of \(entry.level == 2 ? "2 MiB" : "1 GiB")"
      let memory = regime.memory(entry.attributeIndex).text
      return "\(what) \(hexadecimal(address)), \(entry.rights.text("x")), \(memory)" + flags(entry)
    }
  }

  private func flags(_ entry: TranslationEntry) -> String {
    entry.flags.isEmpty ? "" : " (\(entry.flags.joined(separator: " ")))"
  }

  func kernel(_ slot: SlotRecord) -> String {
    let capability = slot.capability
    let address = hexadecimal(capability.address)
    let rights = capability.rights.text("x")
    switch capability.detail {
    case .frame(_, let isDevice, _):
      return
        "page \(address), at most \(rights), \(isDevice ? "device" : "normal"), by \(names.name(of: slot))"
    default:
      let kind = capability.kind == .segment ? "segment" : "table"
      let limit = capability.kind == .segment ? ", at most \(rights)" : ", leaves rwx"
      return "\(kind) \(address)\(limit), by \(names.name(of: slot))"
    }
  }
}
