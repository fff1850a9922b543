internal import KernelCore
internal import KernelObjects

extension InvariantChecker {
  /// Every blocked Domain is in the queue it says it is in, and nobody else is.
  func checkQueues() {
    var queued: [UInt64: UInt64] = [:]
    for slot in census.filled {
      let address = slot.capability.address
      switch slot.capability.objectType {
      case .endpoint:
        let endpoint = Reference<Endpoint>(address).object
        expect(
          endpoint.sendHead == 0 || endpoint.receiveHead == 0,
          "\(name(slot)) has senders and receivers at once")
        walk(endpoint.sendHead, endpoint.sendTail, on: address, .blockedOnSend, &queued)
        walk(endpoint.receiveHead, endpoint.receiveTail, on: address, .blockedOnReceive, &queued)
      case .notification:
        let notification = Reference<Notification>(address).object
        walk(notification.waitHead, notification.waitTail, on: address, .blockedOnNotification, &queued)
        expect(
          notification.waitHead == 0 || notification.pending == 0, "\(name(slot)) lets waiters wait")
        if notification.boundDomain != 0 {
          expect(
            Reference<Domain>(notification.boundDomain).object.boundNotification == address,
            "\(name(slot)) is bound to a domain that does not know it")
        }
      default: break
      }
    }
    for domain in census.domains {
      let blocks = [DomainState.blockedOnSend, .blockedOnReceive, .blockedOnNotification].map(\.rawValue)
      expect(
        blocks.contains(domain.object.state) == (queued[domain.address] != nil),
        "domain 0x\(String(domain.address, radix: 16)) is blocked without a queue, or queued without being blocked"
      )
    }
  }

  private func walk(
    _ head: UInt64, _ tail: UInt64, on object: UInt64, _ state: DomainState, _ queued: inout [UInt64: UInt64]
  ) {
    var previous: UInt64 = 0
    var next = head
    while next != 0 {
      let domain = Reference<Domain>(next)
      // Several capabilities name one object; its queue is walked for each of them.
      if let other = queued[next], other != object {
        expect(false, "domain 0x\(String(next, radix: 16)) is in two queues")
        return
      }
      queued[next] = object
      expect(domain.object.state == state.rawValue, "a domain is queued in another state")
      expect(domain.object.blockedOn == object, "a domain is queued elsewhere than it says")
      expect(domain.object.queuePrevious == previous, "a queue's links disagree")
      previous = next
      next = domain.object.queueNext
    }
    expect(tail == previous, "a queue's tail is not its last")
  }

  /// The kernel writes to a control block's memory.
  func checkControlBlocks() {
    for domain in census.domains {
      let capability = domain.slot(.controlBlock).capability
      if capability.isNull { continue }
      expect(
        capability.isA(.frame) && !capability.isDevice
          && Rights.read.union(.write).isSubset(of: capability.rights),
        "a control block is in what the domain cannot write to")
    }
  }

  /// Whoever waits for an answer can be answered by exactly one capability.
  func checkReplies() {
    for domain in census.domains {
      let master = domain.slot(.replyMaster)
      guard master.capability.isA(.reply) else { continue }
      let waits = domain.object.state == DomainState.blockedOnReply.rawValue
      expect(
        waits == (master.object.child != 0),
        "domain 0x\(String(domain.address, radix: 16)) waits for a reply that nobody can give, or the reverse"
      )
      if master.object.child != 0 {
        let reply = Reference<Slot>(UInt64(master.object.child) << Slot.sizeBits)
        expect(
          reply.object.next == UInt32(master.address >> Slot.sizeBits) | Slot.parentTag,
          "two replies to one call")
        expect(reply.capability.address == domain.address, "a reply names another domain")
      }
      if domain.object.servedBy != 0 {
        let server = Reference<Domain>(domain.object.servedBy)
        expect(
          server.slot(.caller).capability.address == domain.address, "served by who does not hold the reply")
      }
    }
  }

  /// Slices belong to Domains that are there.
  func checkTime() {
    var bound: [UInt64: UInt32] = [:]
    for index in 0..<Int(KernelState.sliceCount) {
      let domain = hosted.state.object.slices[index].domain
      if domain != 0 { bound[domain, default: 0] += 1 }
    }
    let known = Set(census.domains.map(\.address))
    for (domain, count) in bound {
      guard known.contains(domain) else {
        expect(false, "a slice is bound to what is no domain")
        continue
      }
      expect(Reference<Domain>(domain).object.boundSlices == count, "a domain miscounts its slices")
    }
    checkAccounts()
    checkLending()
    checkService()
  }

  /// A line takes of a slot no more than its budget leaves it, and the timer knows.
  private func checkService() {
    let state = hosted.state.object
    for index in 0..<Int(KernelState.irqCount) {
      expect(
        state.irqs[index].spent <= HostMachine.tickCounts,
        "interrupt line \(index) took more than all there is")
    }
    guard state.served != 0 else {
      return expect(state.servedSince | state.serviceEnd == 0, "nobody is served, since some time")
    }
    let first = hosted.state.address + KernelState.irqsOffset
    let size = UInt64(MemoryLayout<IRQEntry>.stride)
    let isLine =
      state.served >= first && (state.served - first) % size == 0
      && (state.served - first) / size < KernelState.irqCount
    expect(isLine, "what is served is no line")
    expect(state.sliceEnd != 0, "a line's handler has of a slot that is nobody's")
    expect(state.servedSince < state.serviceEnd, "a line is served that has nothing left")
    expect((hosted.machine.deadline ?? .max) <= state.serviceEnd, "the timer comes after the budget's end")
  }

  /// Who is lending is in the chain of the present slot, once; nobody lends for longer than it may run.
  private func checkLending() {
    let state = hosted.state.object
    let known = Set(census.domains.map(\.address))
    var chain: [UInt64] = []
    var next = state.lender
    var limit: UInt64 = 0
    while next != 0, chain.count <= 8, known.contains(next) {
      let lender = Reference<Domain>(next).object
      expect(lender.state == DomainState.lending.rawValue, "a lender does something else")
      expect(lender.lendUntil >= limit, "a domain lends for longer than it may run")
      expect(known.contains(lender.lentTo), "time is lent to what is no domain")
      limit = lender.lendUntil
      chain.append(next)
      next = lender.lender
    }
    expect(next == 0 && chain.count <= 8, "the lenders of a slot do not end")
    let lending = census.domains.filter { $0.object.state == DomainState.lending.rawValue }.map(\.address)
    expect(Set(lending) == Set(chain), "a domain lends what it does not have")
  }

  /// All time is on exactly one account, and each slot was used, lent or lost to its last count.
  private func checkAccounts() {
    let state = hosted.state.object
    var total = state.idle
    for index in 0..<Int(KernelState.sliceCount) {
      let entry = state.slices[index]
      total += entry.used + entry.lent
      let isRunning = state.account != 0 && UInt64(index) == state.currentSlice
      let rest = isRunning ? state.sliceEnd - state.accounted : 0
      expect(
        entry.used + entry.lent + rest <= entry.ticks * HostMachine.tickCounts,
        "slot \(index) used or lent more than it had")
    }
    expect(total == state.accounted - hosted.bootTime, "time is on no account, or on two")
  }
}
