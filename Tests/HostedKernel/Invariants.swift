internal import KernelCore
internal import KernelObjects

extension HostedKernel {
  /// What must hold of a kernel at rest and does not, each in a sentence; empty if all is well.
  package func violatedInvariants() -> [String] {
    let census = Census(self)
    let checker = InvariantChecker(hosted: self, census: census)
    // Each check relies on what the ones before it found in order.
    let checks = [
      checker.checkRest, checker.checkTree, checker.checkFinality, checker.checkMemory, checker.checkQueues,
      checker.checkReplies, checker.checkControlBlocks, checker.checkTables, checker.checkTime,
      checker.checkFloatingPoint,
    ]
    for check in checks where checker.findings.isEmpty { check() }
    return checker.findings
  }
}

/// One walk over all invariants.
final class InvariantChecker {
  let hosted: HostedKernel
  var census: Census
  private(set) var findings: [String] = []

  init(hosted: HostedKernel, census: Census) {
    self.hosted = hosted
    self.census = census
  }

  func expect(_ condition: Bool, _ finding: @autoclosure () -> String) {
    if !condition { findings.append(finding()) }
  }

  func checkRest() {
    let state = hosted.state.object
    expect(state.epoch % 2 == 0, "the epoch is odd at rest")
    let zombies = Set(hosted.zombies.map(\.address))
    expect(hosted.machine.workLimit < .max || zombies.isEmpty, "a zombie is left")
    expect(state.spare.word0 == 0, "the spare slot is filled")
    for slot in census.filled {
      expect(CapabilityType(rawValue: slot.capability.rawType) != nil, "unknown type in \(name(slot))")
      expect(
        slot.capability.isA(.zombie) == zombies.contains(slot.address),
        "\(name(slot)) is a zombie that nobody will destroy, or is being destroyed without being one")
    }
    let current = state.current
    if current != 0 {
      expect(
        Reference<Domain>(current).object.state == DomainState.ready.rawValue, "the current domain cannot run"
      )
    }
  }

  /// The registers belong to one Domain that exists, or to none, and only that one is let use them.
  func checkFloatingPoint() {
    let state = hosted.state.object
    let owner = state.floatingPointOwner
    let isDomain = census.filled.contains { $0.capability.isA(.domain) && $0.capability.address == owner }
    expect(owner == 0 || isDomain, "the owner of the floating-point registers is no domain")
    let isUnsettled = state.settledRoot == KernelState.unsettledRoot
    expect(isUnsettled || state.settledRoot == state.activeRoot, "the settled root is not the active one")
    guard hosted.machine.isFloatingPointAllowed else { return }
    expect(isUnsettled, "a switch would leave the floating-point registers to another domain")
    expect(
      state.current == 0 || state.current == owner, "a domain uses the floating-point registers of another")
  }

  func name(_ slot: Reference<Slot>) -> String {
    "slot 0x\(String(slot.address, radix: 16)) (\(slot.capability.type) 0x\(String(slot.capability.address, radix: 16)))"
  }
}
