import HostedKernel
import KernelCore
import KernelObjects
import Testing

/// Floating-point registers change hands when they are used. The processor's part, the trap, is the test's.
@Suite struct FloatingPointTests {
  private let scenario: Scenario
  private let hosted: HostedKernel
  private let server, root: Reference<Domain>

  init() throws {
    scenario = try Scenario()
    hosted = scenario.hosted
    server = try #require(scenario.domains["server"])
    root = hosted.root
  }

  private var owner: UInt64 { hosted.state.object.floatingPointOwner }

  @Test func `nobody owns the registers and nobody may use them until somebody does`() {
    for _ in 0..<2 * KernelState.sliceCount { hosted.kernel.tick() }
    #expect(owner == 0)
    #expect(!hosted.machine.isFloatingPointAllowed)
    #expect(hosted.state.object.isSettled)
  }

  @Test func `each of two users finds what it left, and zero at first`() {
    #expect(hosted.setFloatingPoint(2, to: 7, by: server) == 0)
    #expect(hosted.setFloatingPoint(2, to: 8, by: root) == 0)
    #expect(hosted.setFloatingPoint(2, to: 9, by: server) == 7)
    #expect(hosted.setFloatingPoint(2, to: 10, by: root) == 8)
    #expect(owner == root.address)
    #expect(hosted.violatedInvariants() == [])
  }

  @Test func `the owner may go on after its own kernel entries, and not after another domain ran`() {
    _ = hosted.setFloatingPoint(0, to: 1, by: server)
    hosted.systemCall(SystemCall.reply.rawValue, 0, by: server)
    #expect(hosted.state.object.current == server.address)
    #expect(hosted.machine.isFloatingPointAllowed)
    for _ in 0..<KernelState.sliceCount where hosted.state.object.current == server.address {
      hosted.passSlot()
    }
    #expect(hosted.state.object.current != server.address)
    #expect(!hosted.machine.isFloatingPointAllowed)
    #expect(owner == server.address)
    #expect(hosted.violatedInvariants() == [])
  }

  @Test func `a domain that is destroyed owns nothing, and its registers are not stored`() {
    let number = scenario.make(.domain)
    let domain = Reference<Domain>(hosted.rootSlot(number).capability.address)
    _ = hosted.setFloatingPoint(5, to: 3, by: domain)
    #expect(owner == domain.address)
    hosted.invoke(BootInfo.RootSlot.cnode.rawValue, .cnodeDelete, number, by: hosted.root)
    #expect(owner == 0)
    _ = hosted.setFloatingPoint(5, to: 4, by: server)
    #expect(domain.floatingPoint.object.v[3] == 0)
    #expect(hosted.violatedInvariants() == [])
  }

  @Test func `a debugger has an owner's registers stored, and the owner goes on with them`() {
    _ = hosted.setFloatingPoint(2, to: 0x1234, by: server)
    hosted.kernel.storeFloatingPoint(of: server)
    #expect(server.floatingPoint.object.v[0] == 0x1234)
    #expect(hosted.machine.isFloatingPointAllowed)
    #expect(owner == server.address)
    // Another one runs now.
    hosted.run(root)
    hosted.kernel.storeFloatingPoint(of: server)
    #expect(!hosted.machine.isFloatingPointAllowed)
    #expect(hosted.violatedInvariants() == [])
  }

  @Test func `registers that were taken from their owner are loaded again, as changed meanwhile`() {
    _ = hosted.setFloatingPoint(2, to: 0x1234, by: server)
    hosted.kernel.takeFloatingPoint(from: server)
    #expect(server.floatingPoint.object.v[0] == 0x1234)
    #expect(!hosted.machine.isFloatingPointAllowed)
    server.floatingPoint.object.v[0] = 0x5678
    #expect(hosted.setFloatingPoint(2, to: 0, by: server) == 0x5678)
    #expect(hosted.violatedInvariants() == [])
  }
}
