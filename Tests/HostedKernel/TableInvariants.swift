internal import KernelCore
internal import KernelObjects

extension InvariantChecker {
  /// Every descriptor stands for one capability that is linked there, and every link for a descriptor.
  func checkTables() {
    var links: [UInt64: Reference<Slot>] = [:]
    var tables: Set<UInt64> = []
    for slot in census.filled {
      switch slot.capability.objectType {
      case .frame, .segment, .pageTable:
        if slot.capability.objectType != .frame { tables.insert(slot.capability.address) }
        guard hosted.kernel.isLinked(slot) else { continue }
        let link = slot.capability.link
        let place = link.table + link.index * 8
        expect(links[place] == nil, "two capabilities are linked at one descriptor")
        links[place] = slot
        let descriptor = TranslationDescriptor(word: Reference<UInt64>(place).object)
        expect(
          descriptor.isValid && descriptor.address == slot.capability.address,
          "\(name(slot)) is linked where the table has something else")
      case .protectionDomain: tables.insert(slot.capability.address)
      default: break
      }
    }
    for table in tables {
      let isUnused = hosted.kernel.generation(of: table) == 0
      for index in UInt64(0)..<512 where !isUnused {
        let place = table + index * 8
        guard Reference<UInt64>(place).object & 1 != 0 else { continue }
        expect(
          links[place] != nil, "a descriptor in table 0x\(String(table, radix: 16)) stands for no capability")
      }
    }
    checkGenerations(tables)
  }

  private func checkGenerations(_ tables: Set<UInt64>) {
    let state = hosted.state.object
    for page in 0..<state.generationCount {
      let table = state.generationBase + page << 12
      if Reference<UInt32>(state.generations)[page].object != 0 {
        expect(tables.contains(table), "page 0x\(String(table, radix: 16)) counts as a table, but is none")
      }
    }
  }
}
