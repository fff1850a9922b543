/// From the bytes of objects to their records. Whatever they name is wanted next.
extension SnapshotReader {
  func decodeState(_ view: ByteView, at address: UInt64) -> StateRecord {
    let layout = layouts.state
    decodeSlot(
      view.view(from: layout.origin.offset), at: address &+ UInt64(layout.origin.offset), holder: .origin)
    let irqs = (0..<layout.irqs.count).map { decodeIRQ(view, line: $0, stateAddress: address) }
    let current = view.integer(layout.current)
    let rootDomain = view.integer(layout.rootDomain)
    for domain in [current, rootDomain] { want(.domain, domain) }
    return StateRecord(
      epoch: view.integer(layout.epoch), current: current, activeRoot: view.integer(layout.activeRoot),
      emptyRoot: view.integer(layout.emptyRoot), rootCNode: view.integer(layout.rootCNode),
      rootDomain: rootDomain, generations: view.integer(layout.generations),
      generationBase: view.integer(layout.generationBase),
      generationCount: view.integer(layout.generationCount),
      destruction: slotAddress(view.integer(layout.destruction)),
      currentSlice: view.integer(layout.currentSlice), ticks: view.integer(layout.ticks),
      idle: layout.idle.map { view.integer($0) }, regions: decodeRegions(view), slices: decodeSlices(view),
      asids: (0..<layout.asids.count).map { view.integer(at: layout.asids.offset(of: $0), size: 8) },
      irqs: irqs)
  }

  private func decodeIRQ(_ view: ByteView, line: Int, stateAddress: UInt64) -> IRQRecord {
    let layout = layouts.state
    let offset = layout.irqs.offset(of: line)
    let entry = view.view(from: offset)
    let slot = stateAddress &+ UInt64(offset + layout.irq.notification.offset)
    decodeSlot(entry.view(from: layout.irq.notification.offset), at: slot, holder: .irq(line: line))
    let flags = entry.integer(layout.irq.flags)
    let isMasked = layout.irqFlags.masked.read(flags) != 0
    let budget = layout.irqBudget.map { fields in
      let isPresent = isPresentWindow(entry.integer(fields.window), view)
      let limit = entry.integer(fields.limit)
      return IRQBudgetRecord(
        counts: limit == 0 ? fields.defaultBudget : limit - 1,
        spent: isPresent ? entry.integer(fields.spent) : 0,
        isThrottled: fields.throttled.read(flags) != 0 && (isPresent || isMasked))
    }
    return IRQRecord(
      line: line, slot: slot, isIssued: layout.irqFlags.issued.read(flags) != 0,
      isEdge: layout.irqFlags.edge.read(flags) != 0, isMasked: isMasked,
      isKernel: layout.irqFlags.kernel.read(flags) != 0, count: entry.integer(layout.irq.count),
      budget: budget)
  }

  /// Whether a window that began at this timer count lasts, as far as the kernel has accounted for time.
  private func isPresentWindow(_ start: UInt64, _ view: ByteView) -> Bool {
    guard let accounted = layouts.state.accounted.map({ view.integer($0) }), accounted > start else {
      return true
    }
    return accounted - start < layouts.constants.tickCounts
  }

  private func decodeRegions(_ view: ByteView) -> [MemoryRegionRecord] {
    let layout = layouts.state
    return (0..<layout.regions.count).compactMap { index in
      let entry = view.view(from: layout.regions.offset(of: index))
      let kind = entry.integer(layout.region.kind)
      guard kind != 0 else { return nil }
      return MemoryRegionRecord(
        base: entry.integer(layout.region.base), size: entry.integer(layout.region.size),
        kind: layout.regionNames[kind] ?? "kind-\(kind)")
    }
  }

  /// Timer counts that are left of the slice, if it is the present one.
  private func rest(ofSlice index: Int, _ view: ByteView) -> UInt64 {
    let layout = layouts.state
    guard let account = layout.account, let end = layout.sliceEnd, let accounted = layout.accounted,
      view.integer(account) != 0, view.integer(layout.currentSlice) == UInt64(index)
    else { return 0 }
    return view.integer(end) &- view.integer(accounted)
  }

  private func decodeSlices(_ view: ByteView) -> [SliceRecord] {
    let layout = layouts.state
    return (0..<layout.slices.count).map { index in
      let entry = view.view(from: layout.slices.offset(of: index))
      let domain = entry.integer(layout.slice.domain)
      want(.domain, domain)
      let ticks = entry.integer(layout.slice.ticks)
      let used = layout.slice.used.map { entry.integer($0) }
      let lent = layout.slice.lent.map { entry.integer($0) }
      var lost: UInt64?
      if let used, let lent {
        // All the time it had, but what it used and lent and what is still to come.
        let gone = used &+ lent &+ rest(ofSlice: index, view)
        let had = ticks &* layouts.constants.tickCounts
        lost = had > gone ? had - gone : 0
      }
      return SliceRecord(
        index: index, domain: domain, ticks: ticks, used: used, lent: lent, lost: lost,
        borrower: layout.slice.borrower.map { entry.integer($0) })
    }
  }

  func decodeCNode(_ view: ByteView, at address: UInt64) {
    guard let slotCount = cnodes[address]?.slotCount else { return }
    slots.reserve(Int(slotCount))
    var used = 0
    for index in 0..<slotCount {
      let offset = Int(index) * layouts.slot.size
      let slot = address &+ UInt64(offset)
      if decodeSlot(view, offset, at: slot, holder: .cnode(address: address, index: index)) {
        used += 1
      }
    }
    cnodes[address]?.used = used
  }

  /// Enters a slot unless it is empty.
  /// - Returns: whether there is a capability in it.
  @discardableResult
  func decodeSlot(_ view: ByteView, _ offset: Int = 0, at address: UInt64, holder: SlotHolder) -> Bool {
    let layout = layouts.slot
    let word0 = view.integer(layout.word0, from: offset)
    let word1 = view.integer(layout.word1, from: offset)
    guard !layouts.capability.isNull(word0: word0, word1: word1) || holder == .origin else { return false }
    if let known = slots.find(address), slots.records[known].holder != .unknown {
      guard holder != .unknown else { return true }
      find("slot \(hexadecimal(address))", "place", "lies in more than one object")
      return true
    }
    let next = view.integer(layout.next, from: offset)
    let tag = layouts.constants.slotParentTag
    let record = SlotRecord(
      address: address, holder: holder, capability: layouts.capability.decode(word0: word0, word1: word1),
      child: slotAddress(view.integer(layout.child, from: offset)), next: slotAddress(next & ~tag),
      nextIsParent: next & tag != 0, previous: slotAddress(view.integer(layout.previous, from: offset)),
      generation: view.integer(layout.generation, from: offset))
    slots.insert(record)
    follow(record)
    return true
  }

  private func slotAddress(_ number: UInt64) -> UInt64 { number << layouts.constants.slotSizeBits }

  /// Wants the object that a slot names.
  private func follow(_ slot: SlotRecord) {
    let capability = slot.capability
    switch capability.kind {
    case .cnode:
      if case .cnode(let radix, _, _) = capability.detail {
        want(.cnode, capability.address, parameter: radix)
      }
    case .domain, .reply: want(.domain, capability.address)
    case .endpoint: want(.endpoint, capability.address)
    case .notification: want(.notification, capability.address)
    case .protectionDomain where includesTables: want(.table, capability.address, parameter: 0)
    case .segment where includesTables: want(.table, capability.address, parameter: 3)
    // A type that the kernel names and this debugger does not know is a later kernel's.
    case .unknown where layouts.capability.typeNames[UInt64(capability.type)] == nil:
      let name = layouts.capability.name(ofType: capability.type)
      find("slot \(hexadecimal(slot.address))", "type", "\(name) is no type of capability")
    default: break
    }
  }

  func decodeDomain(_ view: ByteView, at address: UInt64) {
    let layout = layouts.domain
    for (index, own) in layout.ownSlots.enumerated() {
      decodeSlot(
        view.view(from: own.offset), at: address &+ UInt64(own.offset),
        holder: .domain(address: address, slot: index))
    }
    let state = view.integer(layout.state)
    let fault = view.integer(layout.faultKind)
    let flags = view.integer(layout.messageFlags)
    if layout.stateNames[state] == nil {
      find("domain \(hexadecimal(address))", "state", "\(state) is no state of a domain")
    }
    let record = DomainRecord(
      address: address, state: layout.stateNames[state] ?? "state-\(state)",
      isHeld: layout.hold.map { view.integer($0) != 0 } ?? false,
      fault: layout.faultNames[fault] ?? "fault-\(fault)", faultSyndrome: view.integer(layout.faultSyndrome),
      faultAddress: view.integer(layout.faultAddress), blockedOn: view.integer(layout.blockedOn),
      servedBy: view.integer(layout.servedBy), lentTo: layout.lentTo.map { view.integer($0) } ?? 0,
      queueNext: view.integer(layout.queueNext), queuePrevious: view.integer(layout.queuePrevious),
      sendBadge: view.integer(layout.sendBadge), isCall: layout.isCall.read(flags) != 0,
      canGrant: layout.canGrant.read(flags) != 0, isFault: layout.isFault.read(flags) != 0,
      boundSlices: view.integer(layout.boundSlices),
      boundNotification: view.integer(layout.boundNotification), ticks: view.integer(layout.ticks),
      storedName: String(decoding: view.bytes(layout.name).prefix { $0 != 0 }, as: UTF8.self).printable,
      registers: layout.registers.map { ($0.name, view.integer(at: $0.offset, size: 8)) })
    domains[address] = record
    want(.domain, record.queueNext)
    want(.domain, record.queuePrevious)
    want(.notification, record.boundNotification)
  }

  func decodeEndpoint(_ view: ByteView, at address: UInt64) {
    let layout = layouts.endpoint
    let record = EndpointRecord(
      address: address, sendHead: view.integer(layout.sendHead), sendTail: view.integer(layout.sendTail),
      receiveHead: view.integer(layout.receiveHead), receiveTail: view.integer(layout.receiveTail))
    endpoints[address] = record
    want(.domain, record.sendHead)
    want(.domain, record.receiveHead)
  }

  func decodeNotification(_ view: ByteView, at address: UInt64) {
    let layout = layouts.notification
    let record = NotificationRecord(
      address: address, pending: view.integer(layout.pending), waitHead: view.integer(layout.waitHead),
      waitTail: view.integer(layout.waitTail), boundDomain: view.integer(layout.boundDomain))
    notifications[address] = record
    want(.domain, record.waitHead)
    want(.domain, record.boundDomain)
  }

  func decodeTable(_ view: ByteView, at address: UInt64, level: UInt64) {
    let entries = (0..<TranslationTable.entryCount).map { view.integer(at: $0 * 8, size: 8) }
    tables[address] = entries
    guard level < 3 else { return }
    for entry in entries {
      let descriptor = TranslationEntry(word: entry, level: level)
      if case .table(let next) = descriptor.kind { want(.table, next, parameter: level + 1) }
    }
  }
}
