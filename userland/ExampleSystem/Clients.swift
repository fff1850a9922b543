internal import ExampleSupport
internal import KernelObjects
internal import LibVesper
internal import RootSupport

extension ExampleSystem {
  /// Clients that work by themselves: `given` is what their records tell the scheduler, `jobs` how many microseconds each
  /// works before it yields; 0 is for ever.
  mutating func runWorkers(
    _ name: StaticString, given: InlineArray<3, UInt64>, jobs: InlineArray<3, UInt64> = [0, 0, 0]
  ) throws(Refusal) {
    let scheduler = try load(name)
    let records = try shareRecords(with: scheduler)
    for index in 0..<ExampleSlot.clientCount {
      let record = ClientRecord(of: index, at: records.address)
      record.given = given[Int(index)]
      let worker = try load("worker")
      try records.attach(to: worker.protectionDomain, rights: .readWrite, allocator: &builder.allocator)
      try give(worker, to: scheduler, at: index)
      try worker.start(record.address, jobs[Int(index)])
    }
    try run(scheduler, records: records.address)
  }

  /// Clients that wake those of higher levels. `order` is which the scheduler takes to be the highest, and so on.
  mutating func runLevels(order: InlineArray<3, UInt64>) throws(Refusal) {
    let scheduler = try load("priorities")
    let records = try shareRecords(with: scheduler)
    let told = try builder.allocator.notification()
    try builder.give(scheduler, .notification, told.pointer, rights: .all)
    let count = ExampleSlot.clientCount
    // Copies of one capability for each: who waits for it, and who signals it.
    let wakes = try builder.allocator.objects(.notification, count: count)
    for place in 0..<count {
      let level = order[Int(place)]
      let client = try load("level")
      try records.attach(to: client.protectionDomain, rights: .readWrite, allocator: &builder.allocator)
      let own = CapabilityPointer(rawValue: wakes.rawValue + level)
      try builder.give(client, .notification, own, rights: .all)
      try giveSignal(client, told.pointer, at: ExampleSlot.scheduler)
      for other in 0..<level {
        try giveSignal(
          client, CapabilityPointer(rawValue: wakes.rawValue + other), at: ExampleSlot.wake(other))
      }
      try give(client, to: scheduler, at: place)
      try client.start(records.address, level)
    }
    try run(scheduler, records: records.address)
  }

  /// A page of memory that the root domain and the scheduler see; the clients are yet to.
  private mutating func shareRecords(with scheduler: LoadedProgram) throws(Refusal) -> SharedSegment {
    let shared = try SharedSegment(pages: 1, allocator: &builder.allocator)
    let own = ProtectionDomainCapability(BootInfo.RootSlot.protectionDomain.pointer)
    try shared.attach(to: own, rights: .readWrite, allocator: &builder.allocator)
    try shared.attach(to: scheduler.protectionDomain, rights: .read, allocator: &builder.allocator)
    return shared
  }

  /// Lets the scheduler run the client, which has no time of its own.
  private func give(_ client: LoadedProgram, to scheduler: LoadedProgram, at place: UInt64) throws(Refusal) {
    try scheduler.cnode.copy(
      to: ExampleSlot.client(place).rawValue, from: builder.allocator.slot(of: client.domain.pointer))
  }

  private func giveSignal(
    _ program: LoadedProgram, _ notification: CapabilityPointer, at slot: CapabilityPointer
  ) throws(Refusal) {
    try program.cnode.mint(
      to: slot.rawValue, from: builder.allocator.slot(of: notification), rights: .write, badge: 1)
  }
}
