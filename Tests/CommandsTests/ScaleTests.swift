import Commands
import Foundation
import Inspection
import KernelImage
import TargetLink
import Testing

/// A system ten times as large takes ten times as much, counted and not timed.
@Suite(.serialized) struct ScaleTests {
  /// What an answer took.
  private struct Cost {
    var reads = 0
    var bytes = 0
    var steps = 0
    var text = 0
  }

  private func cost(of line: String, cnodes: Int) throws -> (Cost, String) {
    let system = LargeSystem(cnodeCount: cnodes)
    let target = CountingTarget(system.image.target)
    let session = try CommandSession(target: target)
    target.count = Cost()
    session.meter.shouldGoOn = { _, _, _ in
      target.count.steps += 1
      return true
    }
    let text = try session.render(line).text.string
    target.count.text = text.utf8.count
    return (target.count, text)
  }

  @Test(arguments: ["cnodes", "check --json", "caps endpoint", "tree"])
  func `a million capabilities in 10,000 CNodes are read, checked and listed in ten times a tenth of it`(
    _ line: String
  ) throws {
    let (small, _) = try cost(of: line, cnodes: 1_000)
    let (large, text) = try cost(of: line, cnodes: 10_000)
    // One read of memory is asked for at least every 256 KiB.
    #expect(large.reads <= 10 * small.reads + 10, "\(small) \(large)")
    #expect(large.bytes <= 11 * small.bytes, "\(small) \(large)")
    #expect(large.bytes >= 10_000 << 12)
    #expect(large.steps <= 11 * small.steps + 10, "\(small) \(large)")
    // Larger numbers have more digits.
    #expect(large.text <= 12 * small.text, "\(small) \(large)")
    switch line {
    case "cnodes": #expect(text.utf8.count { $0 == 10 } >= 10_000)
    case "check --json":
      #expect(text.contains("\"capabilities\": 10100"), "all were read")
      #expect(text.contains("\"contradictions\": 0"))
    default: #expect(text.utf8.count { $0 == 10 } >= 1_000_000)
    }
  }

  @Test func `an answer that is ended is none, and the next one is whole`() throws {
    let session = try CommandSession(target: LargeSystem(cnodeCount: 200).image.target)
    for phase in [WorkMeter.Phase.reading, .sorting, .showing] {
      session.meter.shouldGoOn = { current, _, _ in current != phase }
      #expect {
        try session.render("tree --json")
      } throws: {
        ($0 as? CommandError)?.text == "interrupted: there is no answer"
      }
    }
    session.meter.shouldGoOn = nil
    #expect(try session.render("tree").text.string.utf8.count { $0 == 10 } >= 20_000)
  }

  private final class CountingTarget: Target {
    let wayIn = "memory"
    let capabilities: TargetCapabilities = [.readsWhileRunning]
    let state = RunState.running
    var directMapOffset: UInt64 = 0
    var onConsoleText: (([UInt8]) -> Void)?
    var count = Cost()
    private let memory: InMemoryTarget

    init(_ memory: InMemoryTarget) { self.memory = memory }

    func readPhysical(_ ranges: [MemoryRange]) throws(TargetError) -> [[UInt8]?] {
      count.reads += 1
      let answers = try memory.readPhysical(ranges)
      count.bytes += answers.reduce(0) { $0 + ($1?.count ?? 0) }
      return answers
    }

    func detach(keepingStop: Bool) {}
  }
}
