internal import GDBStub
internal import KernelArch
internal import KernelCore
internal import KernelObjects

/// What `info os` lists.
private enum Table: Int {
  case domains, capabilities, endpoints, mappings, interrupts, slices

  var description: OSTable {
    switch self {
    case .domains:
      OSTable(name: "domains", title: "Domains", description: "What gets processor time")
    case .capabilities:
      OSTable(name: "capabilities", title: "Capabilities", description: "All slots of the derivation tree")
    case .endpoints:
      OSTable(name: "endpoints", title: "Endpoints", description: "Who waits to send and to receive")
    case .mappings:
      OSTable(name: "mappings", title: "Mappings", description: "Pages that segments show")
    case .interrupts:
      OSTable(name: "interrupts", title: "Interrupts", description: "Lines that somebody serves")
    case .slices:
      OSTable(name: "slices", title: "Slices", description: "The vector of processor time")
    }
  }
}

extension KernelTarget {
  static func table(at index: Int) -> OSTable? { Table(rawValue: index)?.description }

  func writeRows(ofTable index: Int, into rows: inout TableRows) {
    switch Table(rawValue: index) {
    case .domains: writeDomains(into: &rows)
    case .capabilities: writeCapabilities(into: &rows)
    case .endpoints: writeEndpoints(into: &rows)
    case .mappings: writeMappings(into: &rows)
    case .interrupts: writeInterrupts(into: &rows)
    case .slices: writeSlices(into: &rows)
    case nil: break
    }
  }

  private func writeDomains(into rows: inout TableRows) {
    var address: UInt64 = 0
    while let next = object(.domain, after: address), !rows.isFull {
      address = next
      let domain = Reference<Domain>(next)
      rows.row {
        $0.column("Thread", hexadecimal: next &>> Domain.sizeBits)
        $0.column("Name") { writeName(of: domain, into: &$0) }
        $0.column("State", DomainState(rawValue: domain.object.state)?.name ?? "corrupt")
        $0.column("Waits on", hexadecimal: domain.object.blockedOn)
        $0.column("Served by", hexadecimal: domain.object.servedBy)
        $0.column("Last fault", FaultKind(rawValue: domain.object.faultKind)?.name ?? "corrupt")
        $0.column("Slices", decimal: UInt64(domain.object.boundSlices))
        $0.column("Ticks", decimal: domain.object.ticks)
      }
    }
  }

  private func writeCapabilities(into rows: inout TableRows) {
    var walk = DerivationWalk(root: kernel.stateReference.address)
    while let capability = walk.next(), !rows.isFull {
      rows.row {
        $0.column("Slot", hexadecimal: walk.slot)
        $0.column("Type", CapabilityType(rawValue: capability.rawType)?.name ?? "corrupt")
        $0.column("Object", hexadecimal: capability.address)
        $0.column("Rights") { Self.write(capability.rights, into: &$0) }
        $0.column("Second word", hexadecimal: capability.word1)
      }
    }
  }

  private func writeEndpoints(into rows: inout TableRows) {
    var address: UInt64 = 0
    while let next = object(.endpoint, after: address), !rows.isFull {
      address = next
      let endpoint = Reference<Endpoint>(next).object
      rows.row {
        $0.column("Object", hexadecimal: next)
        $0.column("Senders") { writeQueue(from: endpoint.sendHead, into: &$0) }
        $0.column("Receivers") { writeQueue(from: endpoint.receiveHead, into: &$0) }
      }
    }
  }

  /// The names of queued domains; a queue that leads elsewhere ends there.
  private func writeQueue(from head: UInt64, into text: inout ReplyText) {
    var number = head
    var isFirst = true
    for _ in 0..<16 {
      guard number != 0, object(.domain, after: number &- 1) == number else { return }
      if !isFirst { text.append(" ") }
      isFirst = false
      writeName(of: Reference(number), into: &text)
      number = Reference<Domain>(number).object.queueNext
    }
    if number != 0 { text.append(" ...") }
  }

  private func writeMappings(into rows: inout TableRows) {
    var walk = DerivationWalk(root: kernel.stateReference.address)
    while let capability = walk.next(), !rows.isFull {
      guard capability.isA(.frame), capability.link.isLinked else { continue }
      let link = capability.link
      let address = AddressSpace.segmentAddress(table: link.table) &+ link.index &<< AddressSpace.pageBits
      rows.row {
        $0.column("Address", hexadecimal: address)
        $0.column("Frame", hexadecimal: capability.address)
        $0.column("Rights") { writePageRights(link, into: &$0) }
        $0.column("Memory", capability.isDevice ? "device" : "RAM")
        $0.column("Slot", hexadecimal: walk.slot)
      }
    }
  }

  /// What user level may do with a page, as its descriptor says.
  private func writePageRights(_ link: TableLink, into text: inout ReplyText) {
    guard isTable(link.table) else { return text.append("gone") }
    let word = Reference<UInt64>(link.table)[link.index].object
    text.append("r")
    text.append(TranslationDescriptor.readOnlyField.read(word) == 0 ? "w" : "-")
    text.append(TranslationDescriptor.userExecuteNeverField.read(word) == 0 ? "x" : "-")
  }

  private func writeInterrupts(into rows: inout TableRows) {
    let entries = Reference<IRQEntry>(kernel.stateReference.address &+ KernelState.irqsOffset)
    for number in 0..<KernelState.irqCount where !rows.isFull {
      let entry = entries[number]
      let flags = IRQFlags(rawValue: entry.object.flags)
      if flags.isEmpty { continue }
      rows.row {
        $0.column("Number", decimal: number)
        $0.column("Served by", flags.contains(.kernel) ? "kernel" : "user level")
        $0.column("Trigger", flags.contains(.edge) ? "edge" : "level")
        $0.column("Masked", flags.contains(.masked) ? "yes" : "no")
        $0.column("Notification", hexadecimal: entry.object.notification.capability.address)
        $0.column("Badge", hexadecimal: entry.object.notification.capability.badge)
        $0.column("Count", decimal: entry.object.count)
      }
    }
  }

  private func writeSlices(into rows: inout TableRows) {
    let entries = Reference<SliceEntry>(kernel.stateReference.address &+ KernelState.slicesOffset)
    for number in 0..<KernelState.sliceCount where !rows.isFull {
      let entry = entries[number].object
      rows.row {
        $0.column("Slice", decimal: number)
        $0.column("Domain") {
          if entry.domain != 0 { writeName(of: Reference(entry.domain), into: &$0) }
        }
        $0.column("Ticks", decimal: entry.ticks)
        $0.column("Used", decimal: entry.used)
        $0.column("Lent", decimal: entry.lent)
        $0.column("Current", kernel.state.currentSlice == number ? "yes" : "no")
      }
    }
  }

  private static func write(_ rights: Rights, into text: inout ReplyText) {
    text.append(rights.contains(.read) ? "r" : "-")
    text.append(rights.contains(.write) ? "w" : "-")
    text.append(rights.contains(.grant) ? "g" : "-")
  }
}
