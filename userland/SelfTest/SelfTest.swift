internal import KernelObjects
internal import LibVesper

/// The kernel's test from inside, in the manner of seL4's sel4test: a root domain that tries each object's
/// invocations and each of their refusals, and prints the results as TAP. Argument: virtual address of `BootInfo`.
@main
struct SelfTest {
  var report = Report()
  private var trial: Trial

  static func main() {
    let program = Program(name: "selftest")
    let bootInfo = unsafe program.bootInfo()
    do {
      var selfTest = try unsafe SelfTest(bootInfo.pointee)
      selfTest.run()
      program.stop()
    } catch {
      program.stop(at: "laboratory", error)
    }
  }

  private init(_ bootInfo: borrowing BootInfo) throws(Refusal) {
    trial = Trial(try Laboratory(bootInfo))
  }

  private mutating func run() {
    invocationCases()
    untypedCases()
    cnodeCases()
    derivationCases()
    cnodeSpaceCases()
    domainCases()
    registerCases()
    floatingPointCases()
    addressSpaceCases()
    segmentCases()
    endpointCases()
    callCases()
    transferCases()
    notificationCases()
    activationCases()
    activationRefusalCases()
    threadCases()
    timeCases()
    // To the microsecond, or with so much work that it takes several slots: never both by one clock.
    let countsInstructions = Work.isCounted
    if countsInstructions {
      timeAttackCases()
      directedDispatchCases()
      schedulerCases()
      interruptStormCases()
    }
    interruptCases()
    interruptLineCases()
    faultCases()
    faultAnswerCases()
    faultRegisterCases()
    isolationCases()
    pagerCases()
    leakCases()
    if !countsInstructions { longOperationCases() }
    refusalCases()
    hostileCases()
    trial.coverage.tell(report)
    report.end()
  }

  /// Runs and reports one case.
  mutating func test(_ name: StaticString, _ body: (inout Trial) throws(Refusal) -> Void) {
    report.add(name, trial.run(body))
  }
}
