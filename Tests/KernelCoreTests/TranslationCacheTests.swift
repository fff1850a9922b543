import HostedKernel
import KernelCore
import KernelObjects
import TestSupport
import Testing

/// Random changes to what two domains can reach, on a processor that caches each translation until it is told to forget
/// it. The ProtectionDomains are destroyed and made again too, so that their ASIDs name others.
@Suite struct TranslationCacheTests {
  private static let steps = 10_000

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `no domain reaches a page by a translation that is no more`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let space = try SharedSpace()
    var succeeded: [Invocation: Int] = [:]
    for step in 0..<Self.steps {
      let change = space.randomChange(using: &random)
      if space.perform(change) == .ok { succeeded[change.invocation, default: 0] += 1 }
      for domain in space.domains {
        space.hosted.run(domain)
        let stale = space.hosted.machine.translations.use()
        try #require(stale.isEmpty, "step \(step), \(change): \(stale)")
      }
    }
    let translations = space.hosted.machine.translations
    #expect(translations.uses > Self.steps / 2)
    #expect(translations.forgotten > Self.steps / 40)
    for invocation in SharedSpace.invocations {
      #expect(succeeded[invocation, default: 0] > 20, "\(invocation)")
    }
  }
}

/// Two domains, two segments, four frames, and capabilities enough to change who reaches what; all in the root CNode.
private struct SharedSpace {
  /// What is needed to reach anything comes more often than what ends it.
  private static let frequent: [Invocation] = [
    .segmentMap, .segmentMap, .segmentUnmap, .segmentProtect, .protectionDomainAttach,
    .protectionDomainAttach, .protectionDomainAttach, .protectionDomainDetach, .protectionDomainInstall,
    .protectionDomainInstall, .protectionDomainInstall, .protectionDomainInstall, .domainConfigure,
    .domainConfigure,
  ]
  private static let choices = frequent + frequent + [.cnodeDelete]
  static let invocations = Set(choices + [.untypedRetype])

  struct Change {
    let invocation: Invocation
    let target: UInt64
    let words: [UInt64]
  }

  private let scenario: Scenario
  private let domainSlots: [UInt64]
  private let protectionDomains: [UInt64]
  private let pageTables: [UInt64]
  private let segments: [UInt64]
  private let frames: [UInt64]
  /// Whence each of the objects that are destroyed is made again.
  private let sources: [UInt64: (untyped: UInt64, type: CapabilityType)]
  private static let root = BootInfo.RootSlot.cnode.rawValue

  var hosted: HostedKernel { scenario.hosted }
  var domains: [Reference<Domain>] {
    domainSlots.map { Reference(hosted.rootSlot($0).capability.address) }
  }

  init() throws {
    let scenario = try Scenario()
    self.scenario = scenario
    domainSlots = (0..<2).map { _ in scenario.make(.domain) }
    var sources: [UInt64: (untyped: UInt64, type: CapabilityType)] = [:]
    func remade(_ type: CapabilityType, _ count: Int) -> [UInt64] {
      (0..<count).map { _ in
        let slot = scenario.free()
        sources[slot] = (scenario.make(.untyped, size: 12), type)
        return slot
      }
    }
    protectionDomains = remade(.protectionDomain, 2)
    pageTables = remade(.pageTable, 4)
    segments = remade(.segment, 2)
    frames = remade(.frame, 4)
    self.sources = sources
    for slot in sources.keys.sorted() { perform(remake(slot)) }
  }

  @discardableResult
  func perform(_ change: Change) -> Status {
    let words = change.words + Array(repeating: 0, count: 6 - change.words.count)
    hosted.systemCall(
      SystemCall.call.rawValue, change.target,
      info: MessageInfo(label: change.invocation.rawValue, length: 6),
      words: words, by: hosted.root)
    return hosted.result(of: hosted.root).status
  }

  private func remake(_ slot: UInt64) -> Change {
    guard let source = sources[slot] else { preconditionFailure("nothing makes \(slot)") }
    // A domain may still have what is in no slot of the root's.
    perform(Change(invocation: .cnodeRevoke, target: Self.root, words: [source.untyped]))
    perform(Change(invocation: .untypedReset, target: source.untyped, words: []))
    return Change(
      invocation: .untypedRetype, target: source.untyped,
      words: [UInt64(source.type.rawValue), 0, 1, Self.root, slot])
  }

  private func address(of segment: UInt64) -> UInt64 {
    AddressSpace.segmentAddress(table: hosted.rootSlot(segment).capability.address)
  }

  func randomChange(using random: inout SplitMix64) -> Change {
    func one(of slots: [UInt64]) -> UInt64 { slots.randomElement(using: &random) ?? 0 }
    // What was destroyed is mostly made again first.
    let missing = sources.keys.sorted().filter { hosted.rootSlot($0).capability.isNull }
    if let slot = missing.first, Int.random(in: 0..<4, using: &random) > 0 { return remake(slot) }
    let (segment, frame) = (one(of: segments), one(of: frames))
    let rights = UInt64.random(in: 1...7, using: &random)
    let invocation = Self.choices.randomElement(using: &random) ?? .segmentMap
    return switch invocation {
    case .segmentMap:
      Change(
        invocation: invocation, target: segment,
        words: [frame, UInt64.random(in: 0..<4, using: &random), rights])
    case .segmentUnmap: Change(invocation: invocation, target: segment, words: [frame])
    case .segmentProtect: Change(invocation: invocation, target: segment, words: [frame, rights])
    case .protectionDomainAttach:
      Change(invocation: invocation, target: one(of: protectionDomains), words: [segment, rights])
    case .protectionDomainDetach:
      Change(invocation: invocation, target: one(of: protectionDomains), words: [segment])
    case .protectionDomainInstall:
      Change(
        invocation: invocation, target: one(of: protectionDomains),
        words: [one(of: pageTables), address(of: segment)])
    case .domainConfigure:
      Change(
        invocation: invocation, target: one(of: domainSlots), words: [Self.root, one(of: protectionDomains)])
    default:
      Change(
        invocation: .cnodeDelete, target: Self.root,
        words: [one(of: protectionDomains + pageTables + segments + frames)])
    }
  }
}
