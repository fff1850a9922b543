internal import KernelObjects
internal import LibVesper
internal import SelfTestInstructions

/// A second domain for a case: does the steps of its record and then suspends itself.
struct Helper {
  let domain: DomainCapability
  let time: TimeSliceCapability
  /// Address of its `HelperRecord`, the same in both domains.
  let record: UInt64

  /// Address of its first instruction.
  static var entry: UInt64 { selftest_helper_address() }

  private var contents: UnsafeMutablePointer<HelperRecord> {
    // Safety: only made for records that are mapped for reading and writing as long as the case lasts.
    unsafe UnsafeMutablePointer(bitPattern: UInt(record)).unsafelyUnwrapped
  }

  /// Steps that are done.
  var finished: UInt64 { unsafe contents.pointee.finished }

  var isDone: Bool { unsafe contents.pointee.finished == contents.pointee.count }

  func answer(_ step: Int = 0) -> Answer { unsafe contents.pointee.answers[step] }

  /// Writes down what it is to do. `domain` is how it names itself.
  func prepare<let count: Int>(_ steps: InlineArray<count, HelperStep>, domain: UInt64) {
    for index in 0..<min(count, HelperRecord.stepCount) {
      unsafe contents.pointee.steps[index] = steps[index]
      unsafe contents.pointee.answers[index] = Answer()
    }
    unsafe contents.pointee.count = UInt64(min(count, HelperRecord.stepCount))
    unsafe contents.pointee.finished = 0
    unsafe contents.pointee.domain = domain
  }

  /// Lets it begin; it runs at the root domain's next yield or wait.
  func start() throws(Refusal) {
    try time.bind(to: domain)
    try domain.start(
      programCounter: Self.entry, stackPointer: HelperMemory.stackEnd(record),
      arguments: [record, 0, 0])
  }

  /// Where it is in its registers.
  func programCounter() throws(Refusal) -> UInt64 { try domain.readRegisters(from: 32).words[0] }
}
