import HostedKernel
import KernelCore
import KernelObjects
import TestSupport
import Testing

@Suite struct RandomOperationTests {
  /// Operations in each of the sequences; `VESPER_OPERATIONS` makes them longer.
  static let operations = 25_000

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func `all invariants hold after every operation of a random sequence`(seed: UInt64) throws {
    var sequence = try RandomOperations(seed: seed)
    guard runsWell(&sequence, seed: seed) else { return }
    // A sequence that is refused everything proves nothing.
    #expect(sequence.statuses[.ok, default: 0] > Self.operations / 10, "\(sequence.statuses)")
    #expect(sequence.statuses.count >= 12, "\(sequence.statuses)")
  }

  @Test(arguments: [7, 8, 9] as [UInt64])
  func `all invariants hold after every step of operations that are interrupted everywhere`(seed: UInt64)
    throws
  {
    var sequence = try RandomOperations(seed: seed)
    sequence.hosted.machine.workLimit = 0
    sequence.continuation = .sometime
    guard runsWell(&sequence, seed: seed) else { return }
    #expect(sequence.repetitions > Self.operations / 50)
    #expect(sequence.statuses[.ok, default: 0] > Self.operations / 10, "\(sequence.statuses)")
  }

  @Test(arguments: [(10, .interrupted10), (11, .interrupted11), (12, .interrupted12)] as [(UInt64, Lane)])
  func `an operation that is interrupted everywhere comes to what it comes to in one go`(
    seed: UInt64, lane: Lane
  ) throws {
    var seeds = SplitMix64(seed: seed)
    var (compared, repetitions) = (0, 0)
    while compared < 20_000 {
      // An operation that destroys what it is made through ends differently: another sequence begins.
      let part = compared == 0 ? seed : seeds.next()
      let stepwise = try outcomes(seed: part, at: lane, workLimit: 0, count: 20_000 - compared)
      let whole = try outcomes(seed: part, at: lane, count: stepwise.list.count)
      let first = zip(stepwise.list, whole.list).enumerated().first { $0.element.0 != $0.element.1 }
      try #require(
        first == nil,
        "seed \(part), operation \(first?.offset ?? 0): \(first?.element.0 ?? []), not \(first?.element.1 ?? [])"
      )
      #expect(whole.list.count == stepwise.list.count && whole.repetitions == 0)
      compared += stepwise.list.count
      repetitions += stepwise.repetitions
    }
    #expect(repetitions > 500)
  }

  @Test(arguments: [(5, .shortWays5), (6, .shortWays6)] as [(UInt64, Lane)])
  func `the short ways of system calls and faults do what the general ones do`(seed: UInt64, lane: Lane)
    throws
  {
    let quick = try outcomes(seed: seed, at: lane, usesQuickPath: true).list
    let general = try outcomes(seed: seed, at: lane, usesQuickPath: false).list
    let first = zip(quick, general).enumerated().first { $0.element.0 != $0.element.1 }
    #expect(first?.offset == nil, "seed \(seed), operation \(first?.offset ?? 0)")
    #expect(quick.count == 20_000)
  }

  /// Whether all invariants hold after each operation; the first after which they do not is recorded.
  private func runsWell(_ sequence: inout RandomOperations, seed: UInt64) -> Bool {
    for number in 0..<Self.operations {
      sequence.step()
      let violated = sequence.hosted.violatedInvariants()
      if !violated.isEmpty {
        Issue.record("seed \(seed), operation \(number), \(sequence.last): \(violated.prefix(5))")
        return false
      }
    }
    return true
  }

  /// What each step of a sequence led to, until it has lost its way, and how many calls were made again.
  private func outcomes(
    seed: UInt64, at lane: Lane, usesQuickPath: Bool = true, workLimit: UInt64 = .max, count: Int = 20_000
  ) throws -> (list: [[UInt64]], repetitions: Int) {
    var sequence = try RandomOperations(seed: seed, base: lane.base)
    sequence.hosted.usesQuickPath = usesQuickPath
    sequence.hosted.machine.workLimit = workLimit
    var list: [[UInt64]] = []
    while list.count < count {
      sequence.step()
      if sequence.hasLostItsWay { break }
      list.append(sequence.outcome)
    }
    return (list, sequence.repetitions)
  }
}
