internal import KernelObjects
internal import LibVesper

extension SelfTest {
  mutating func domainCases() {
    configuring()
    givingCapabilitySpaces()
    starting()
    suspending()
    binding()
    domainEnds()
  }

  private mutating func configuring() {
    test("configure refuses what is not a CNode") { t throws(Refusal) in
      let domain = try t.make(.domain)
      let addresses = t.laboratory.protectionDomain.word
      t.refused(.wrongType, 1, 4, call(.domainConfigure, on: domain, [addresses, addresses, 0]))
      t.refused(.invalidCapability, 1, 64, call(.domainConfigure, on: domain, [t.slots(), addresses, 0]))
    }
    test("configure refuses what is not a ProtectionDomain") { t throws(Refusal) in
      let domain = try t.make(.domain)
      t.refused(.wrongType, 2, 2, call(.domainConfigure, on: domain, [t.cnode.word, t.cnode.word, 0]))
      t.refused(.invalidCapability, 2, 64, call(.domainConfigure, on: domain, [t.cnode.word, t.slots(), 0]))
    }
    test("configure refuses what is not an Endpoint to send to") { t throws(Refusal) in
      let domain = try t.make(.domain)
      let addresses = t.laboratory.protectionDomain.word
      let endpoint = try t.copy(try t.make(.endpoint), rights: .read)
      t.refused(
        .wrongType, 3, 3, call(.domainConfigure, on: domain, [t.cnode.word, addresses, domain.rawValue]))
      t.refused(
        .missingRight, 3, 2,
        call(.domainConfigure, on: domain, [t.cnode.word, addresses, endpoint.rawValue]))
    }
    test("configure refuses the domain that asks") { t throws(Refusal) in
      let own = t.laboratory.domain
      t.refused(
        .invalidArgument, 0, 0,
        call(.domainConfigure, on: own.pointer, [t.cnode.word, t.laboratory.protectionDomain.word, 0]))
    }
  }

  private mutating func givingCapabilitySpaces() {
    test("configure gives a domain another capability space") { t throws(Refusal) in
      let helper = try t.helper(0, [HelperStep(Request(.send, on: CapabilityPointer(1)))])
      let space = try t.wholeCNode(radix: 4)
      let notification = try t.notification()
      try space.mint(to: 1, from: t.slot(notification.pointer), badge: 2)
      try space.copy(to: 2, from: t.slot(helper.domain.pointer))
      try helper.domain.configure(
        cnode: space, protectionDomain: t.laboratory.protectionDomain, faultEndpoint: nil)
      helper.prepare([HelperStep(Request(.send, on: CapabilityPointer(1)))], domain: 2)
      try helper.start()
      t.settle()
      t.ended(.ok, helper.answer())
      t.equal(try notification.poll(), 2)
    }
    test("configure keeps the CNode alive that it was given") { t throws(Refusal) in
      let helper = try t.helper(0, [HelperStep(Request(.send, on: CapabilityPointer(1)))])
      let plain = try t.make(.cnode, sizeBits: 4)
      let guarded = t.slots()
      try t.cnode.mint(to: guarded, from: t.slot(plain), guardValue: 0, guardSize: 60)
      let space = CNodeCapability(CapabilityPointer(guarded))
      let notification = try t.notification()
      try space.mint(to: 1, from: t.slot(notification.pointer), badge: 4)
      try space.copy(to: 2, from: t.slot(helper.domain.pointer))
      try helper.domain.configure(
        cnode: space, protectionDomain: t.laboratory.protectionDomain, faultEndpoint: nil)
      try t.cnode.delete(guarded)
      try t.cnode.delete(plain.rawValue)
      helper.prepare([HelperStep(Request(.send, on: CapabilityPointer(1)))], domain: 2)
      try helper.start()
      t.settle()
      t.equal(try notification.poll(), 4)
    }
  }

  private mutating func starting() {
    test("start is refused before configure") { t throws(Refusal) in
      let domain = try t.make(.domain)
      t.refused(.notConfigured, 0, 0, call(.domainStart, on: domain, [0, 0]))
    }
    test("start refuses the domain that asks") { t throws(Refusal) in
      t.refused(.invalidArgument, 0, 0, call(.domainStart, on: t.laboratory.domain.pointer, [0, 0]))
    }
    test("start begins at a program counter, with a stack pointer and three arguments") { t throws(Refusal) in
      let helper = try t.helper(0, [] as InlineArray<0, HelperStep>)
      try helper.domain.start(programCounter: 0x1000, stackPointer: 0x2000, arguments: [3, 4, 5])
      let registers = try helper.domain.readRegisters(from: 0)
      t.equal(registers.words[0], 3)
      t.equal(registers.words[1], 4)
      t.equal(registers.words[2], 5)
      let last = try helper.domain.readRegisters(from: 31)
      t.equal(last.words[0], 0x2000)
      t.equal(last.words[1], 0x1000)
      t.equal(last.words[2], 0, "program status: EL0, nothing masked")
    }
    test("start lets a domain run in its time, and not without") { t throws(Refusal) in
      let helper = try t.helper(0, [HelperStep(Request(.yield))])
      try helper.start()
      try helper.time.unbind()
      t.settle()
      t.equal(helper.finished, 0)
      try helper.time.bind(to: helper.domain)
      t.settle()
      t.equal(helper.finished, 1)
    }
    test("start takes a domain off what it waits for, and begins again") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let helper = try t.startedHelper(0, [HelperStep(Request(.send, on: endpoint.pointer))])
      helper.prepare([HelperStep(Request(.yield))], domain: helper.domain.word)
      try helper.start()
      t.settle()
      t.holds(helper.isDone)
      t.ended(.noPartner, Request(.nonBlockingReceive, on: endpoint.pointer).perform())
    }
  }

  private mutating func suspending() {
    test("suspend stops a domain, and resume lets it go on") { t throws(Refusal) in
      let page = try CountedPage(&t)
      let domain = try t.startedHelper(0, [HelperStep(.countForever, page.address)]).domain
      try domain.suspend()
      let count = Memory.read(page.address)
      t.holds(count != 0)
      t.settle()
      t.equal(Memory.read(page.address), count)
      try domain.resume()
      t.settle()
      t.holds(Memory.read(page.address) > count)
    }
    test("suspend takes a sender off its Endpoint") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let helper = try t.startedHelper(0, [HelperStep(Request(.send, on: endpoint.pointer))])
      try helper.domain.suspend()
      t.ended(.noPartner, Request(.nonBlockingReceive, on: endpoint.pointer).perform())
    }
    test("suspend takes a receiver off its Endpoint") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let helper = try t.startedHelper(0, [HelperStep(Request(.receive, on: endpoint.pointer))])
      try helper.domain.suspend()
      t.refused(.noPartner, 0, 0, Request(.nonBlockingSend, on: endpoint.pointer).perform())
    }
    test("suspend takes a waiter off its Notification") { t throws(Refusal) in
      let notification = try t.notification()
      let signaller = try t.badged(notification.pointer, 1)
      let helper = try t.startedHelper(0, [HelperStep(Request(.receive, on: notification.pointer))])
      try helper.domain.suspend()
      try NotificationCapability(signaller).signal()
      t.equal(try notification.poll(), 1)
    }
    test("suspend of a caller takes its answer back") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let helper = try t.startedHelper(0, [HelperStep(Request(.call, on: endpoint.pointer))])
      _ = try endpoint.receive()
      try helper.domain.suspend()
      t.refused(.noPartner, 0, 0, Request(.reply).perform())
    }
    test("resume is refused before configure") { t throws(Refusal) in
      t.refused(.notConfigured, 0, 0, call(.domainResume, on: try t.make(.domain)))
    }
    test("resume leaves a domain that waits waiting") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let helper = try t.startedHelper(0, [HelperStep(Request(.send, on: endpoint.pointer))])
      try helper.domain.resume()
      t.settle()
      t.equal(helper.finished, 0)
      _ = try endpoint.nonBlockingReceive()
    }
  }

  private mutating func binding() {
    test("bindNotification refuses what is not a Notification to read") { t throws(Refusal) in
      let domain = try t.make(.domain)
      let endpoint = try t.endpoint()
      let signaller = try t.copy(try t.make(.notification), rights: .write)
      t.refused(.wrongType, 1, 8, call(.domainBindNotification, on: domain, [endpoint.word]))
      t.refused(.missingRight, 1, 1, call(.domainBindNotification, on: domain, [signaller.rawValue]))
      t.refused(.invalidCapability, 1, 64, call(.domainBindNotification, on: domain, [t.slots()]))
    }
    test("bindNotification refuses one that is bound") { t throws(Refusal) in
      let first = DomainCapability(try t.make(.domain))
      let second = DomainCapability(try t.make(.domain))
      let notification = try t.notification()
      try first.bind(notification)
      t.refused(.alreadyMapped, 1, 0, call(.domainBindNotification, on: second.pointer, [notification.word]))
      try first.bind(nil)
      try second.bind(notification)
    }
    test("bindNotification refuses one that somebody waits for") { t throws(Refusal) in
      let notification = try t.notification()
      _ = try t.startedHelper(0, [HelperStep(Request(.receive, on: notification.pointer))])
      t.refused(
        .alreadyMapped, 1, 0, call(.domainBindNotification, on: try t.make(.domain), [notification.word]))
    }
    test("bindNotification replaces the one before") { t throws(Refusal) in
      let domain = DomainCapability(try t.make(.domain))
      let first = try t.notification()
      try domain.bind(first)
      try domain.bind(try t.notification())
      try DomainCapability(try t.make(.domain)).bind(first)
    }
  }

  private mutating func domainEnds() {
    test("a domain whose last capability is deleted runs no more") { t throws(Refusal) in
      let page = try CountedPage(&t)
      let helper = try t.startedHelper(0, [HelperStep(.countForever, page.address)])
      try t.cnode.delete(helper.domain.word)
      let count = Memory.read(page.address)
      t.settle()
      t.holds(count != 0)
      t.equal(Memory.read(page.address), count)
    }
    test("a domain deletes itself") { t throws(Refusal) in
      let helper = try t.helper(
        0, [HelperStep(Request(.yield)), HelperStep(Request(.yield)), HelperStep(Request(.yield))])
      let delete = Message(label: Invocation.cnodeDelete.rawValue, words: [helper.domain.word])
      helper.prepare(
        [HelperStep(Request(.call, on: t.cnode.pointer, delete)), HelperStep(Request(.yield))],
        domain: helper.domain.word)
      try helper.start()
      t.settle()
      t.equal(helper.finished, 0, "it never came back from the call")
      t.holds(!t.isFilled(helper.domain.pointer))
    }
    test("a domain that is copied lives until the last copy is deleted") { t throws(Refusal) in
      let domain = try t.make(.domain)
      let copy = try t.copy(domain)
      try t.cnode.delete(domain.rawValue)
      t.equal(try DomainCapability(copy).readRegisters(from: 0).length, 6)
    }
  }
}
