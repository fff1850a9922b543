internal import KernelObjects
public import LibVesper

/// Shares in proportion to tickets (Waldspurger and Weihl, "Stride Scheduling", 1995): each domain has a pass, which
/// advances by the time it used divided by its tickets, and whoever's pass is lowest runs.
public struct StrideScheduler<let count: Int> {
  private let domains: InlineArray<count, DomainCapability>
  private let tickets: InlineArray<count, UInt64>
  /// Timer counts used, scaled by `one` and divided by the tickets.
  private var passes: InlineArray<count, UInt64>
  /// Timer counts that a domain runs at a time.
  private let quantum: UInt64

  /// The pass that one count advances somebody with one ticket.
  private static var one: UInt64 { 1 << 16 }

  /// The tickets are at least 1 each; the quantum is in the timer's counts.
  public init(
    _ domains: InlineArray<count, DomainCapability>, tickets: InlineArray<count, UInt64>, quantum: UInt64
  ) {
    self.domains = domains
    self.tickets = tickets
    self.quantum = quantum
    passes = InlineArray(repeating: 0)
  }

  /// Lets whoever is furthest behind its share run for a quantum. Who cannot run loses the quantum, not its share of
  /// what others have: it is set on to where it would be had it run.
  public mutating func runOnce() throws(Refusal) -> TimeReturn {
    let index = lowest()
    let start = Processor.time
    let back = try domains[index].run(until: start + quantum)
    var used = Processor.time - start
    if back.reason == .blocked || back.reason == .stopped { used = max(used, quantum) }
    passes[index] += used * Self.one / tickets[index]
    return back
  }

  private func lowest() -> Int {
    var best = 0
    for index in 1..<count where passes[index] < passes[best] { best = index }
    return best
  }
}
