internal import KernelObjects
internal import LibVesper

/// The address space of a helper of its own: the program's segment, which it may read and execute only, and a
/// segment with its record and its stack, which the root domain sees too.
struct IsolatedSpace {
  let protectionDomain: ProtectionDomainCapability
  /// Holds the record at page 0 and the stack at its place; the rest is free.
  let segment: SegmentCapability
  /// The capability through which `segment` is attached to `protectionDomain`.
  let attachment: SegmentCapability
  /// The capability through which the program is attached, derived from the root domain's.
  let program: SegmentCapability
  let record: UInt64

  init(_ t: inout Trial) throws(Refusal) {
    protectionDomain = try t.protectionDomain()
    segment = try t.attachedSegment()
    attachment = SegmentCapability(try t.copy(segment.pointer))
    record = try segment.address()
    try segment.map(try t.frame(), at: 0, rights: .readWrite)
    for page in 0..<HelperMemory.stackPages {
      try segment.map(try t.frame(), at: HelperMemory.stackPage + page, rights: .readWrite)
    }
    program = SegmentCapability(try t.copy(t.laboratory.programSegment.pointer))
    try t.attach(program, to: protectionDomain, rights: .readExecute)
    try t.attach(attachment, to: protectionDomain, rights: .readWrite)
  }
}

extension Trial {
  /// A helper in a space of its own, not yet started. It has the root domain's capabilities unless given others;
  /// `name` is how it names itself among those.
  mutating func helper<let count: Int>(
    _ number: Int, in space: IsolatedSpace, cnode: CNodeCapability? = nil, name: UInt64? = nil,
    faultEndpoint: EndpointCapability? = nil, _ steps: InlineArray<count, HelperStep>
  ) throws(Refusal) -> Helper {
    let domain = DomainCapability(try make(.domain))
    try domain.configure(
      cnode: cnode ?? self.cnode, protectionDomain: space.protectionDomain, faultEndpoint: faultEndpoint)
    let helper = Helper(domain: domain, time: laboratory.helperTimes[number], record: space.record)
    helper.prepare(steps, domain: name ?? domain.word)
    return helper
  }
}
