import HostedKernel
import KernelCore
import KernelObjects
import Testing

@Suite struct ScenarioTests {
  @Test func `the first system comes up and everybody waits as designed`() throws {
    let scenario = try Scenario()
    let state = { (name: String) in scenario.domains[name].flatMap { DomainState(rawValue: $0.object.state) }
    }
    #expect(state("server") == .ready)
    #expect(state("client-b") == .blockedOnReply)
    #expect(state("client-a") == .blockedOnSend)
    #expect(state("clock") == .blockedOnNotification)
    #expect(state("waiter") == .blockedOnSend)
  }

  @Test func `every invariant holds of it`() throws {
    #expect(try Scenario().hosted.violatedInvariants() == [])
  }
}
