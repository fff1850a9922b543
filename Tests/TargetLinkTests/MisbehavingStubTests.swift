import Foundation
import HostileMemory
import Inspection
import TestSupport
import Testing

@testable import TargetLink

/// A stub that answers late, twice, or with nonsense: the engine's reading ends, with what it is or with an error.
@Suite struct MisbehavingStubTests {
  /// What a stub does to one of its answers.
  enum Misbehaviour: CaseIterable, Sendable {
    case late, twice, nonsense, damaged, short, long, empty, error, stop, console, silence, another
  }

  /// A kernel's memory behind a stub that misbehaves now and then, and counts what it was asked.
  private final class Stub: @unchecked Sendable {
    let memory: HostileTarget
    let requests = Counter()
    private let kind: Misbehaviour
    private let gathers: Bool
    private let lock = NSLock()
    private var generator: SplitMix64
    private var last = Array("OK".utf8)

    init(_ system: HostileSystem, _ kind: Misbehaviour, gathers: Bool, seed: UInt64) {
      self.kind = kind
      self.gathers = gathers
      memory = system.target()
      generator = SplitMix64(seed: seed)
    }

    func answer(_ request: String) -> FakeStub.Answer {
      lock.withLock {
        _ = requests.next()
        let replies = request.hasPrefix("qvesper.Objects:") ? objects() : [sound(request)]
        return .bytes(replies.flatMap(sent))
      }
    }

    private func sent(_ reply: [UInt8]) -> [UInt8] {
      defer { last = reply }
      return Int.random(in: 0..<12, using: &generator) == 0
        ? misbehaved(reply) : FakeStub.binaryFrame(reply)
    }

    /// Some of the memory that objects are in.
    private func objects() -> [[UInt8]] {
      let told = memory.bytes.prefix(0x2000)
      let packets = stride(from: 0, to: told.count, by: 500).map { start in
        let part = told[start..<min(start + 500, told.count)]
        let pass = start == 0 ? ">\(digits(memory.base))," : ""
        return Array("m\(pass)0,\(digits(UInt64(part.count))):".utf8) + part
      }
      return packets + [Array("l".utf8)]
    }

    private func sound(_ request: String) -> [UInt8] {
      if request.hasPrefix("qSupported") {
        let features = "PacketSize=400;QStartNoAckMode+;qvesper.Memory+"
        return Array((gathers ? features + ";qvesper.Objects+" : features).utf8)
      }
      if request == "QStartNoAckMode" { return Array("OK".utf8) }
      if request == "qvesper.Epoch" { return Array("2a".utf8) }
      if request.hasPrefix("qvesper.Descriptor:") {
        guard let (offset, count) = numbers(request), let all = memory.readDescriptor() else { return [] }
        let part = all.dropFirst(Int(clamping: offset)).prefix(count / 2)
        let isLast = Int(clamping: offset) + part.count >= all.count
        return [UInt8(ascii: isLast ? "l" : "m")] + part
      }
      if request.hasPrefix("qvesper.Memory:") {
        let all = listed(request)
        if all.isEmpty { return Array("E0e".utf8) }
        let zeros = all.prefix { $0 == 0 }.count
        let rest = all.dropFirst(zeros).prefix(500)
        return Array("b\(digits(UInt64(zeros))),\(digits(UInt64(rest.count))):".utf8) + rest
      }
      guard request.hasPrefix("m"), let (address, count) = numbers(request) else { return [] }
      return Array((read(address, count).map { hexadecimalDigits($0) } ?? "E0e").utf8)
    }

    /// The memory of several ranges, up to the first that cannot be read.
    private func listed(_ request: String) -> [UInt8] {
      var all: [UInt8] = []
      var end: UInt64 = 0
      for range in request.dropFirst("qvesper.Memory:".count).split(separator: ";") {
        guard let (gap, count) = numbers(String(range)), let bytes = read(end &+ gap, count) else { break }
        all += bytes
        end = end &+ gap &+ UInt64(count)
      }
      return all
    }

    private func read(_ address: UInt64, _ count: Int) -> [UInt8]? {
      (try? memory.readPhysical([MemoryRange(address: address, count: count)]))?[0]
    }

    private func numbers(_ request: String) -> (UInt64, Int)? {
      let words = (request.split(separator: ":").last ?? "").drop { $0 == "m" }.split(separator: ",")
      guard words.count == 2, let first = UInt64(words[0], radix: 16), let second = Int(words[1], radix: 16)
      else {
        return nil
      }
      return (first, second)
    }

    private func misbehaved(_ reply: [UInt8]) -> [UInt8] {
      let sound = FakeStub.binaryFrame(reply)
      switch kind {
      case .late:
        usleep(20_000)
        return sound
      case .twice: return sound + sound
      case .nonsense: return (0..<64).map { _ in UInt8.random(in: 0...255, using: &generator) } + sound
      case .damaged: return sound.dropLast(2) + Array("zz".utf8)
      case .short: return FakeStub.binaryFrame(reply.dropLast(3))
      case .long: return FakeStub.binaryFrame(reply + reply + Array("00".utf8))
      case .empty: return FakeStub.binaryFrame([])
      case .error: return FakeStub.frame("E99")
      case .stop: return FakeStub.frame("T05thread:1;") + sound
      case .console: return FakeStub.frame("O" + hexadecimalDigits(Array("hello".utf8))) + sound
      case .silence: return []
      case .another: return FakeStub.binaryFrame(last)
      }
    }
  }

  @Test(arguments: Misbehaviour.allCases)
  func `whatever it does with some of its answers, a snapshot or an error comes of it`(_ kind: Misbehaviour)
    throws
  {
    let system = try HostileSystem()
    var snapshots = 0
    // Only what never answers, or with something else, is to be given up soon.
    let patience: Duration = [.late, .console].contains(kind) ? .seconds(10) : .milliseconds(100)
    for seed in UInt64(0)..<4 {
      let stub = Stub(system, kind, gathers: seed >= 2, seed: seed)
      let fake = FakeStub { stub.answer($0) }
      do {
        let target = try SerialStubTarget(
          channel: fake.channel, wayIn: "misbehaving", window: 8, timeout: .seconds(10))
        target.directMapOffset = 0
        target.client.replyTimeout = patience
        let layouts = try KernelLayouts(DescriptorLocator.locate(in: target))
        let snapshot = try Snapshot.take(of: target, layouts: layouts, includingTables: true)
        #expect(!TranslationAudit(snapshot).differences.all.contains { $0.aspects.isEmpty })
        #expect(snapshot.findings.allSatisfy { !$0.object.isEmpty && !$0.field.isEmpty }, "seed \(seed)")
        snapshots += 1
      } catch {
        #expect(![.late, .console].contains(kind) && !"\(error)".isEmpty, "seed \(seed): \(error)")
      }
      // A snapshot of this system takes some 1,000 packets of 500 bytes; three attempts, each asked for again.
      #expect(stub.requests.count < 20_000, "seed \(seed)")
    }
    // What changes no answer, or is only late, does no harm.
    if [.late, .console].contains(kind) { #expect(snapshots == 4) }
  }
}
