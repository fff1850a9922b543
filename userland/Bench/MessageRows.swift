internal import BenchInstructions
internal import KernelObjects
internal import LibVesper
internal import RootSupport

extension Pair.Sums {
  // Between two readings of the counter lie the kernel, the second reading, and what is named.
  var firstCall: UInt64 { each(first, userInstructions: 2) }  // svc
  var firstUse: UInt64 { each(first, userInstructions: 2) }  // fmov
  var call: UInt64 { each(toPartner, userInstructions: 2) }  // svc
  var event: UInt64 { each(toPartner, userInstructions: 1) }  // a load that faults does not end
  var store: UInt64 { each(toPartner, userInstructions: 2) }  // str
  var answer: UInt64 { each(fromPartner, userInstructions: 3) }  // str, svc
  var partnerAnswer: UInt64 { each(partnerFirst, userInstructions: 3) }  // str, svc

  private func each(_ sum: UInt64, userInstructions: UInt64) -> UInt64 {
    Counter.rounded(sum, dividedBy: exchanges) - userInstructions
  }
}

/// Domains that take turns.
extension Workshop {
  /// - Returns: the domains, which are free again.
  mutating func messageRows() throws(Refusal) -> Pair {
    try idleSignalRow()
    let pair = try Pair(&self)
    try callRows(pair)
    try roundTripRow(pair)
    try signalRows(pair)
    try faultRows(pair)
    try floatingPointRows(pair)
    let alarm = try Alarm(&self)
    try interruptRows(pair, alarm)
    try activationRows(pair, alarm)
    return pair
  }

  private mutating func idleSignalRow() throws(Refusal) {
    let notification = try allocator.notification()
    report(
      "signal-nobody",
      try Counter.measure(bench_registers(.send, on: notification.pointer), count: 1024))
  }

  private mutating func callRows(_ pair: Pair) throws(Refusal) {
    let endpoint = try allocator.endpoint().pointer
    var run = Pair.Run(entry: bench_active_address())
    run.first = bench_registers(.call, on: endpoint)
    run.partnerFirst = bench_registers(.replyReceive, on: endpoint)
    let empty = try pair.measure(run)
    report("call-0", empty.call)
    report("reply-receive-0", empty.answer)
    run.first = bench_registers(.call, on: endpoint, words: [1, 2, 3, 4])
    run.partnerFirst = bench_registers(.replyReceive, on: endpoint, words: [4, 3, 2, 1])
    let full = try pair.measure(run)
    report("call-4", full.call)
    report("reply-receive-4", full.answer)
  }

  private mutating func roundTripRow(_ pair: Pair) throws(Refusal) {
    let endpoint = try allocator.endpoint().pointer
    var run = Pair.Run(entry: bench_client_address(), partnerEntry: bench_server_address())
    // Only the endpoint is taken from there.
    run.first = bench_registers(.call, on: endpoint)
    run.partnerFirst = bench_registers(.replyReceive, on: endpoint)
    let sums = try pair.measure(run)
    report("round-trip", Counter.rounded(sums.total, dividedBy: sums.exchanges))
  }

  /// A signal does not switch by itself: the signaller gives way with the next system call.
  private mutating func signalRows(_ pair: Pair) throws(Refusal) {
    let notification = try allocator.notification().pointer
    var run = Pair.Run(entry: bench_active_twice_address())
    run.first = bench_registers(.send, on: notification)
    run.second = bench_registers(.yield, on: .none)
    run.partnerFirst = bench_registers(.receive, on: notification)
    let sums = try pair.measure(run)
    report("signal-waiter", sums.firstCall)
    report("signal-switch", sums.firstCall + sums.call)
    report("receive-blocks", sums.answer)
  }

  private mutating func faultRows(_ pair: Pair) throws(Refusal) {
    var run = Pair.Run(entry: bench_active_fault_address())
    run.partnerFirst = bench_registers(.replyReceive, on: pair.faults.pointer)
    // The handler lets the faulter go on behind its load: register 32 is the program counter.
    run.partnerSecond = bench_registers(
      .domainWriteRegisters, on: pair.active.pointer, [32, 1, bench_after_fault_address()])
    let sums = try pair.measure(run)
    report("fault", sums.event)
    report("fault-reply", sums.answer)
  }

  /// The partner uses the registers in between, so that they are saved and loaded, or does not.
  private mutating func floatingPointRows(_ pair: Pair) throws(Refusal) {
    let endpoint = try allocator.endpoint().pointer
    var run = Pair.Run(entry: bench_active_vector_address(), partnerEntry: bench_partner_vector_address())
    run.second = bench_registers(.call, on: endpoint)
    run.partnerFirst = bench_registers(.replyReceive, on: endpoint)
    report("vector-first", try pair.measure(run).firstUse)
    run.partnerEntry = bench_partner_address()
    report("vector-again", try pair.measure(run).firstUse)
  }
}
