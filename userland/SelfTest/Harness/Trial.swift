internal import KernelObjects
internal import LibVesper

/// One case while it runs: the objects it makes, and the first thing that was not as expected.
struct Trial {
  let laboratory: Laboratory
  private(set) var failure: Failure?
  /// Of all cases so far.
  private(set) var coverage = Coverage()
  /// What objects are made of.
  private(set) var arena: UntypedCapability
  private var nextSlot: UInt64

  init(_ laboratory: Laboratory) {
    self.laboratory = laboratory
    arena = laboratory.arena
    nextSlot = laboratory.firstScratchSlot
  }

  var cnode: CNodeCapability { laboratory.cnode }

  /// Runs a case, and takes back all that it made.
  mutating func run(_ body: (inout Trial) throws(Refusal) -> Void) -> Failure? {
    failure = nil
    do {
      try body(&self)
    } catch {
      record("a refusal that the case did not expect", error)
    }
    do {
      try cleanUp()
    } catch {
      record("what the case made could not be taken back", error)
    }
    return failure
  }

  private mutating func record(
    _ what: StaticString, _ refusal: Refusal, file: StaticString = #fileID, line: UInt = #line
  ) {
    guard failure == nil else { return }
    failure = Failure(
      what: what, expected: .success(label: refusal.label),
      seen: .outcome(status: refusal.rawStatus, argument: refusal.argument, detail: refusal.detail),
      file: file,
      line: UInt64(line))
  }

  private mutating func cleanUp() throws(Refusal) {
    try cnode.revoke(arena.word)
    for slot in laboratory.firstScratchSlot..<nextSlot where isFilled(CapabilityPointer(slot)) {
      try cnode.delete(slot)
    }
    nextSlot = laboratory.firstScratchSlot
    try arena.reset()
  }
}

// MARK: slots and objects

extension Trial {
  /// `count` empty slots side by side in the root CNode.
  mutating func slots(_ count: UInt64 = 1) -> UInt64 {
    defer { nextSlot += count }
    return nextSlot
  }

  /// Lets `body` make its objects out of another Untyped. Its slots are used again afterwards, so what it made must
  /// go before anything else is made.
  mutating func within(_ untyped: UntypedCapability, _ body: (inout Trial) throws(Refusal) -> Void)
    throws(Refusal)
  {
    let outer = (arena, nextSlot)
    arena = untyped
    defer { (arena, nextSlot) = outer }
    try body(&self)
  }

  /// Objects out of the arena, their capabilities in consecutive slots.
  mutating func make(_ type: CapabilityType, sizeBits: UInt64 = 0, count: UInt64 = 1) throws(Refusal)
    -> CapabilityPointer
  {
    let first = slots(count)
    try arena.retype(type, sizeBits: sizeBits, count: count, into: cnode, at: first)
    return CapabilityPointer(first)
  }

  mutating func endpoint() throws(Refusal) -> EndpointCapability { EndpointCapability(try make(.endpoint)) }

  mutating func notification() throws(Refusal) -> NotificationCapability {
    NotificationCapability(try make(.notification))
  }

  mutating func frame() throws(Refusal) -> FrameCapability { FrameCapability(try make(.frame)) }

  mutating func segment() throws(Refusal) -> SegmentCapability { SegmentCapability(try make(.segment)) }

  mutating func untyped(_ sizeBits: UInt64) throws(Refusal) -> UntypedCapability {
    UntypedCapability(try make(.untyped, sizeBits: sizeBits))
  }

  mutating func protectionDomain() throws(Refusal) -> ProtectionDomainCapability {
    ProtectionDomainCapability(try make(.protectionDomain))
  }

  /// A CNode that resolves the whole of a capability pointer, so that slot numbers name its slots.
  mutating func wholeCNode(radix: UInt64) throws(Refusal) -> CNodeCapability {
    let plain = try make(.cnode, sizeBits: radix)
    let index = slots()
    try cnode.mint(to: index, from: slot(plain), guardValue: 0, guardSize: 64 - radix)
    return CNodeCapability(CapabilityPointer(index))
  }

  mutating func copy(_ pointer: CapabilityPointer, rights: Rights = .all) throws(Refusal) -> CapabilityPointer
  {
    let index = slots()
    try cnode.copy(to: index, from: slot(pointer), rights: rights)
    return CapabilityPointer(index)
  }

  mutating func badged(_ pointer: CapabilityPointer, _ badge: UInt64, rights: Rights = .all) throws(Refusal)
    -> CapabilityPointer
  {
    let index = slots()
    try cnode.mint(to: index, from: slot(pointer), rights: rights, badge: badge)
    return CapabilityPointer(index)
  }

  /// The root CNode's slot that a pointer names.
  func slot(_ pointer: CapabilityPointer) -> SlotReference { SlotReference(cnode, pointer.rawValue) }

  /// A segment of the root domain's address space, with the tables above it.
  mutating func attachedSegment() throws(Refusal) -> SegmentCapability {
    let segment = try segment()
    try attach(segment, to: laboratory.protectionDomain)
    return segment
  }

  /// Attaches a segment, making the tables that are missing above it.
  ///
  /// - Returns: the lowest table that was made.
  @discardableResult
  mutating func attach(
    _ segment: SegmentCapability, to protectionDomain: ProtectionDomainCapability, rights: Rights = .all
  ) throws(Refusal) -> PageTableCapability? {
    var lowest: PageTableCapability?
    for _ in 0..<2 {
      do {
        try protectionDomain.attach(segment, rights: rights)
        return lowest
      } catch {
        guard error.status == .missingTable else { throw error }
        let table = PageTableCapability(try make(.pageTable))
        try protectionDomain.install(table, for: try segment.address())
        lowest = table
      }
    }
    try protectionDomain.attach(segment, rights: rights)
    return lowest
  }
}

// MARK: what a capability is

extension Trial {
  /// Whether a slot of the root CNode holds a capability: a rotation on itself is refused, but for what reason?
  func isFilled(_ pointer: CapabilityPointer) -> Bool { isFilled(pointer.rawValue, of: cnode) }

  func isFilled(_ index: UInt64, of cnode: CNodeCapability) -> Bool {
    call(.cnodeRotate, on: cnode.pointer, [index, index, index]).status != Status.slotEmpty.rawValue
  }

  /// Type of a capability. What is not a Segment is refused as one, with its type; a Segment because of the rights.
  func type(of pointer: CapabilityPointer) -> CapabilityType {
    let answer = call(
      .protectionDomainAttach, on: laboratory.protectionDomain.pointer, [pointer.rawValue, 8])
    switch Status(rawValue: answer.status) {
    case .wrongType: return CapabilityType(rawValue: UInt8(truncatingIfNeeded: answer.detail)) ?? .null
    case .invalidCapability: return .null
    default: return .segment
    }
  }

  /// Bytes that an Untyped has left: no piece of 2^47 bytes fits, and the refusal tells what would.
  func freeBytes(_ untyped: UntypedCapability) -> UInt64 {
    call(
      .untypedRetype, on: untyped.pointer,
      [UInt64(CapabilityType.untyped.rawValue), 47, 1, cnode.word, laboratory.firstScratchSlot]
    ).detail
  }
}

// MARK: expectations

extension Trial {
  mutating func equal(
    _ seen: UInt64, _ expected: UInt64, _ what: StaticString = "another value", file: StaticString = #fileID,
    line: UInt = #line
  ) {
    guard seen != expected, failure == nil else { return }
    failure = Failure(
      what: what, expected: .number(expected), seen: .number(seen), file: file, line: UInt64(line))
  }

  mutating func holds(
    _ condition: Bool, _ what: StaticString = "a condition that should hold", file: StaticString = #fileID,
    line: UInt = #line
  ) {
    equal(condition ? 1 : 0, 1, what, file: file, line: line)
  }

  /// A refusal must say exactly what was wrong.
  mutating func refused(
    _ status: Status, _ argument: UInt64 = 0, _ detail: UInt64 = 0, _ answer: Answer,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    guard failure == nil else { return }
    guard
      answer.status != status.rawValue || answer.argument != argument || answer.detail != detail
        || answer.info != MessageInfo(label: 0, length: 2)
    else { return coverage.add(answer) }
    failure = Failure(
      what: "another outcome",
      expected: .outcome(status: status.rawValue, argument: argument, detail: detail),
      seen: .outcome(status: answer.status, argument: answer.argument, detail: answer.detail), file: file,
      line: UInt64(line))
  }

  /// The operation was ended with `status`; an operation that had begun has no argument to blame.
  mutating func ended(
    _ status: Status, _ answer: Answer, file: StaticString = #fileID, line: UInt = #line
  ) {
    guard failure == nil, answer.status != status.rawValue else { return }
    failure = Failure(
      what: "another outcome", expected: .outcome(status: status.rawValue, argument: 0, detail: 0),
      seen: .outcome(status: answer.status, argument: answer.argument, detail: answer.detail), file: file,
      line: UInt64(line))
  }
}

// MARK: helpers

extension Trial {
  /// A helper that shares the root domain's capabilities and addresses, not yet started.
  mutating func helper<let count: Int>(
    _ number: Int, faultEndpoint: EndpointCapability? = nil, _ steps: InlineArray<count, HelperStep>
  ) throws(Refusal) -> Helper {
    let domain = DomainCapability(try make(.domain))
    try domain.configure(
      cnode: cnode, protectionDomain: laboratory.protectionDomain, faultEndpoint: faultEndpoint)
    let helper = Helper(
      domain: domain, time: laboratory.helperTimes[number], record: laboratory.helperRecords[number])
    helper.prepare(steps, domain: domain.word)
    return helper
  }

  /// A helper that has begun, and got as far as it can without the root domain.
  mutating func startedHelper<let count: Int>(
    _ number: Int, faultEndpoint: EndpointCapability? = nil, _ steps: InlineArray<count, HelperStep>
  ) throws(Refusal) -> Helper {
    let helper = try helper(number, faultEndpoint: faultEndpoint, steps)
    try helper.start()
    settle()
    return helper
  }

  /// Gives the helpers several turns, more than any needs to come to its end or to wait for something.
  func settle() {
    for _ in 0..<8 { Processor.yield() }
  }
}
