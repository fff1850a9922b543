public import KernelObjects

// Which pages are translation tables, and since when. A capability that is entered in a table remembers the table's
// generation; when the table is gone the generation differs and the entry is known to be gone with it.
extension Kernel {
  /// Whether the page can be a translation table: it is RAM that the generation array covers.
  func isTablePage(_ address: UInt64) -> Bool {
    address >= state.generationBase
      && (address &- state.generationBase) &>> AddressSpace.pageBits < state.generationCount
  }

  @inline(__always)
  private func generationEntry(_ table: UInt64) -> Reference<UInt32> {
    Reference<UInt32>(state.generations)[(table &- state.generationBase) &>> AddressSpace.pageBits]
  }

  func registerTable(_ address: UInt64) {
    var generation = UInt32(truncatingIfNeeded: state.nextGeneration)
    if generation == 0 { generation = 1 }
    state.nextGeneration = UInt64(generation &+ 1)
    generationEntry(address).object = generation
  }

  func retireTable(_ address: UInt64) { generationEntry(address).object = 0 }

  /// Generation of the table now in that page, 0 if there is none.
  @inline(__always)
  public func generation(of table: UInt64) -> UInt32 {
    isTablePage(table) ? generationEntry(table).object : 0
  }

  /// Whether the capability in `slot` is entered in a table that still exists.
  @inline(__always)
  public func isLinked(_ slot: Reference<Slot>) -> Bool {
    let link = slot.capability.link
    return link.isLinked && slot.object.generation != 0
      && generation(of: link.table) == slot.object.generation
  }

  /// Enters the capability in `slot` in a table.
  @inline(__always)
  func link(_ slot: Reference<Slot>, _ link: TableLink, _ descriptor: TranslationDescriptor) {
    slot.object.capability.link = link
    slot.object.generation = generation(of: link.table)
    entry(link).object = descriptor.word
    machine.publishDescriptors()
  }

  /// Takes the capability in `slot` out of its table, if it still is in one.
  func unlink(_ slot: Reference<Slot>) {
    let capability = slot.capability
    if isLinked(slot) {
      let link = capability.link
      entry(link).object = TranslationDescriptor.invalid.word
      invalidate(link, isPage: capability.isA(.frame))
    }
    slot.object.capability.link = TableLink(word: 0)
    slot.object.generation = 0
  }

  /// The descriptor that a link stands for.
  @inline(__always)
  func entry(_ link: TableLink) -> Reference<UInt64> { Reference<UInt64>(link.table)[link.index] }

  /// Forgets what the TLB may hold of an entry.
  @inline(__always)
  func invalidate(_ link: TableLink, isPage: Bool) {
    if isPage {
      machine.invalidatePage(
        virtual: AddressSpace.segmentAddress(table: link.table) &+ link.index &<< AddressSpace.pageBits)
    } else {
      machine.invalidate(asid: link.asid)
    }
  }
}

// ASIDs are names of the processor's TLB, handed out with ProtectionDomains.
extension Kernel {
  /// The lowest ASID that is free. ASID 0 belongs to the empty address space.
  func freeASID() -> UInt64? {
    for word in state.asidHint..<1024 {
      let taken = asidWord(word).object
      if taken != .max {
        // Looked through once: what comes before is taken.
        state.asidHint = word
        return word &* 64 &+ UInt64(truncatingIfNeeded: (~taken).trailingZeroBitCount)
      }
    }
    return nil
  }

  /// Takes the lowest free ASID; decoding made sure that there is one.
  func takeASID() -> UInt64 {
    guard let asid = freeASID() else { return 0 }
    asidWord(asid &>> 6).object |= 1 &<< (asid & 63)
    return asid
  }

  func releaseASID(_ asid: UInt64) {
    let word = (asid &>> 6) & 1023
    asidWord(word).object &= ~(1 &<< (asid & 63))
    state.asidHint = min(state.asidHint, word)
  }
}
