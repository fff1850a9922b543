import Glibc
import HostedKernel
import KernelCore
import KernelObjects
import Testing

/// Each short way on its own: it leaves the kernel's memory as the general one does, to the byte.
@Suite struct FastPathTests {
  /// A worker and a handler of its faults, in the root's CNode and ProtectionDomains of their own.
  private struct Pair {
    let hosted: HostedKernel
    let worker: Reference<Domain>
    let handler: Reference<Domain>
    let endpoint: UInt64
    let notification: UInt64

    /// Its memory lies at a physical address of the caller's, since it holds addresses.
    init(usesQuickPath: Bool, base: UInt64) throws {
      let scenario = try Scenario(base: base)
      hosted = scenario.hosted
      endpoint = scenario.make(.endpoint)
      notification = scenario.make(.notification)
      worker = Self.domain(scenario, faultEndpoint: endpoint)
      handler = Self.domain(scenario, faultEndpoint: 0)
      hosted.usesQuickPath = usesQuickPath
    }

    private static func domain(_ scenario: Scenario, faultEndpoint: UInt64) -> Reference<Domain> {
      let root = scenario.hosted.root
      let domain = scenario.make(.domain)
      let space = scenario.make(.protectionDomain)
      let cnode = BootInfo.RootSlot.cnode.rawValue
      scenario.hosted.invoke(domain, .domainConfigure, cnode, space, faultEndpoint, by: root)
      scenario.hosted.invoke(domain, .domainStart, 0x1000, 0x2000, by: root)
      return Reference(scenario.hosted.rootSlot(domain).capability.address)
    }

    /// What the kernel's memory holds now.
    var memory: [UInt8] {
      let start = UnsafeRawPointer(bitPattern: UInt(hosted.memory.base))
      return Array(UnsafeRawBufferPointer(start: start, count: Int(hosted.memory.size)))
    }

    func call(_ call: SystemCall, _ pointer: UInt64, words: [UInt64] = [], by domain: Reference<Domain>) {
      let info = MessageInfo(label: 0, length: UInt64(words.count))
      hosted.systemCall(call.rawValue, pointer, info: info, words: words, by: domain)
    }
  }

  private struct Step {
    let name: String
    let act: (Pair) -> Void
    /// What the handler and the worker do afterwards.
    let states: (DomainState, DomainState)
  }

  private let steps = [
    Step(
      name: "wait", act: { $0.call(.receive, $0.notification, by: $0.handler) },
      states: (.blockedOnNotification, .ready)),
    Step(
      name: "signal a waiter", act: { $0.call(.send, $0.notification, by: $0.worker) },
      states: (.ready, .ready)),
    Step(
      name: "signal nobody", act: { $0.call(.send, $0.notification, by: $0.worker) }, states: (.ready, .ready)
    ),
    Step(
      name: "receive", act: { $0.call(.receive, $0.endpoint, by: $0.handler) },
      states: (.blockedOnReceive, .ready)),
    Step(
      name: "fault", act: { $0.hosted.fault(.dataAbort, address: 8, syndrome: 9, by: $0.worker) },
      states: (.ready, .blockedOnReply)),
    Step(
      name: "answer a fault", act: { $0.call(.replyReceive, $0.endpoint, by: $0.handler) },
      states: (.blockedOnReceive, .ready)),
    Step(
      name: "call", act: { $0.call(.call, $0.endpoint, words: [1, 2, 3], by: $0.worker) },
      states: (.ready, .blockedOnReply)),
    Step(
      name: "answer a call", act: { $0.call(.replyReceive, $0.endpoint, words: [4, 5], by: $0.handler) },
      states: (.blockedOnReceive, .ready)),
  ]

  /// The memory after each step.
  private func run(usesQuickPath: Bool) throws -> [[UInt8]] {
    let pair = try Pair(usesQuickPath: usesQuickPath, base: Lane.shortWays.base)
    return steps.map { step in
      step.act(pair)
      #expect(pair.handler.object.state == step.states.0.rawValue, "the handler after: \(step.name)")
      #expect(pair.worker.object.state == step.states.1.rawValue, "the worker after: \(step.name)")
      return pair.memory
    }
  }

  @Test func `each short way leaves the same memory as the general one`() throws {
    let quick = try run(usesQuickPath: true)
    let general = try run(usesQuickPath: false)
    for (step, (left, right)) in zip(steps, zip(quick, general)) {
      if memcmp(left, right, left.count) == 0 { continue }
      let offset = left.indices.first { left[$0] != right[$0] } ?? 0
      Issue.record("\(step.name): offset \(offset) of the kernel's memory")
    }
  }
}
