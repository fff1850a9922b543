internal import BenchInstructions
internal import KernelObjects
internal import LibVesper

extension Workshop {
  func interruptRows(_ pair: Pair, _ alarm: Alarm) throws(Refusal) {
    report("interrupt-ack", try Counter.measure(alarm.acknowledge, count: 1024))
    var run = Pair.Run(entry: bench_active_interrupt_address())
    run.device = alarm.registers
    run.partnerFirst = bench_registers(.receive, on: alarm.notification.pointer)
    run.partnerSecond = alarm.acknowledge
    report("interrupt", try pair.measure(run).store)
  }
}
