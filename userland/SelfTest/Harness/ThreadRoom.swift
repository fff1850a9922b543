internal import KernelObjects
internal import LibVesper
internal import Threads

/// Memory and objects for threads of the root domain, for one case.
struct ThreadRoom {
  /// Address of memory for what the threads share, one page.
  let shared: UInt64
  private let stacks: UInt64
  let notification: NotificationCapability

  static let stackSize: UInt64 = 4 << AddressSpace.pageBits
  static let stackCount: UInt64 = 8

  /// Makes the root domain, which calls this, the main thread.
  init(_ t: inout Trial, isPreemptive: Bool, signalledBefore: UInt64) throws(Refusal) {
    let segment = try t.attachedSegment()
    let frame = try t.frame()
    try segment.map(frame, at: 0, rights: .readWrite)
    let pages = 3 + Self.stackCount * (Self.stackSize >> AddressSpace.pageBits)
    for page in 1..<pages { try segment.map(try t.frame(), at: page, rights: .readWrite) }
    let page = try segment.address()
    shared = page + (1 << AddressSpace.pageBits)
    stacks = shared + (2 << AddressSpace.pageBits)
    notification = try t.notification()
    try NotificationCapability(try t.badged(notification.pointer, signalledBefore)).signal()
    try Threads.start(
      ThreadResources(
        page: page, domain: t.laboratory.domain, notification: notification, endpoint: try t.endpoint(),
        frame: isPreemptive ? frame : nil))
  }

  /// Carriers with the time of helpers, from the `first` on. The last is used first.
  @discardableResult
  func addCarriers(_ t: inout Trial, from first: Int) throws(Refusal) -> InlineArray<2, DomainCapability> {
    let domains: InlineArray<2, DomainCapability> = [
      DomainCapability(try t.make(.domain)), DomainCapability(try t.make(.domain)),
    ]
    for index in 0..<domains.count {
      try domains[index].configure(
        cnode: t.cnode, protectionDomain: t.laboratory.protectionDomain, faultEndpoint: nil)
      try t.laboratory.helperTimes[first + index].bind(to: domains[index])
      try Threads.add(
        Carrier(
          record: shared + (1 << AddressSpace.pageBits) + UInt64(index) * Carrier.size,
          domain: domains[index],
          wake: NotificationCapability(try t.badged(try t.notification().pointer, 1)),
          told: NotificationCapability(try t.badged(notification.pointer, 1))))
    }
    return domains
  }

  /// A thread on a stack that no other uses; `number` is below `stackCount`.
  func thread(_ number: UInt64, _ argument: UInt64, _ body: ThreadBody) -> Thread {
    Thread.create(stack: stacks + number * Self.stackSize, size: Self.stackSize, argument: argument, body)
  }
}

extension Trial {
  /// A case whose root domain has threads.
  mutating func withThreads(
    isPreemptive: Bool = false, signalledBefore: UInt64 = 0,
    _ body: (inout Trial, ThreadRoom) throws(Refusal) -> Void
  ) throws(Refusal) {
    let room = try ThreadRoom(&self, isPreemptive: isPreemptive, signalledBefore: signalledBefore)
    do throws(Refusal) {
      try body(&self, room)
    } catch {
      try Threads.stop()
      throw error
    }
    try Threads.stop()
  }

  /// The result of a thread. A deadlock fails the case.
  mutating func join(_ thread: Thread) -> UInt64 {
    do throws(Deadlock) {
      return try thread.join()
    } catch {
      holds(false, "a deadlock")
      return 0
    }
  }
}
