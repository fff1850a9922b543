internal import BenchInstructions
internal import KernelObjects
internal import LibVesper
internal import RootSupport

// The partner has activations on and gives way all the time, so that it is ready when it is activated.
extension Workshop {
  mutating func activationRows(_ pair: Pair, _ alarm: Alarm) throws(Refusal) {
    var run = Pair.Run(
      entry: bench_active_address(), partnerEntry: bench_partner_activated_address())
    run.block = try controlBlock(of: pair.partner)
    run.reason = .sliceBegan
    run.first = bench_registers(.yield, on: .none)
    let slice = try pair.measure(run)
    report("activation-slice", slice.call)
    report("activation-return", slice.partnerAnswer)

    try pair.partner.bind(alarm.notification)
    run.entry = bench_active_twice_address()
    run.reason = .event
    run.first = bench_registers(
      .send, on: try allocator.badged(alarm.notification.pointer, 2))
    run.second = bench_registers(.yield, on: .none)
    report("activation-signal", try pair.measure(run).firstCall)

    run.entry = bench_active_interrupt_address()
    run.device = alarm.registers
    run.partnerSecond = alarm.acknowledge
    report("activation-interrupt", try pair.measure(run).store)
    try pair.partner.bind(nil)
    try pair.partner.setControlBlock(nil)
  }

  /// - Returns: virtual address of a control block with which activations begin at `bench_activation`.
  private mutating func controlBlock(of domain: DomainCapability) throws(Refusal) -> UInt64 {
    let frame = FrameCapability(try allocator.objects(.frame))
    let address = try map(frame)
    // Safety: the page was just mapped for this, and the sides are the program's own memory; it has as many.
    guard let block = unsafe UnsafeMutablePointer<ControlBlock>(bitPattern: UInt(address)),
      let sides = unsafe bench_sides()
    else { throw Refusal(.invalidArgument) }
    unsafe block.pointee.entry = bench_activation_address()
    unsafe block.pointee.stack = UInt64(UInt(bitPattern: sides + 1))
    try domain.setControlBlock(frame)
    return address
  }
}
