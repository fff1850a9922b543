internal import KernelObjects
internal import LibVesper
internal import SelfTestInstructions

/// A helper with activations: its control block, and a record of what its activations saw.
struct Activated {
  let helper: Helper
  let frame: FrameCapability
  let block: ControlBlockWords
  let record: ActivationRecord

  /// Activations are off until a case makes `isOn` 1.
  init<let count: Int>(
    _ t: inout Trial, _ number: Int, faultEndpoint: EndpointCapability? = nil,
    _ steps: InlineArray<count, HelperStep>
  ) throws(Refusal) {
    let segment = try t.attachedSegment()
    frame = try t.frame()
    try segment.map(frame, at: 0, rights: .readWrite)
    for page in 1..<4 as Range<UInt64> { try segment.map(try t.frame(), at: page, rights: .readWrite) }
    let address = try segment.address()
    block = ControlBlockWords(address: address)
    record = ActivationRecord(address: address + (1 << AddressSpace.pageBits))
    helper = try t.helper(number, faultEndpoint: faultEndpoint, steps)
    try helper.domain.setControlBlock(frame)
    let stack = address + (4 << AddressSpace.pageBits) - 16
    Memory.write(record.address, at: stack)
    record.block = address
    block.entry = selftest_activation_entry_address()
    block.stack = stack
  }

  /// The helper begins, with activations on.
  func start() throws(Refusal) {
    block.isOn = 1
    try helper.start()
  }
}

/// The words of a control block that others write to while it is looked at.
struct ControlBlockWords {
  let address: UInt64

  var isOn: UInt64 {
    get { read(.isOn) }
    nonmutating set { write(newValue, .isOn) }
  }
  var isPending: UInt64 {
    get { read(.isPending) }
    nonmutating set { write(newValue, .isPending) }
  }
  var entry: UInt64 {
    get { read(.entry) }
    nonmutating set { write(newValue, .entry) }
  }
  var stack: UInt64 {
    get { read(.stack) }
    nonmutating set { write(newValue, .stack) }
  }
  var flags: UInt64 {
    get { read(.flags) }
    nonmutating set { write(newValue, .flags) }
  }
  var saveIndex: UInt64 {
    get { read(.saveIndex) }
    nonmutating set { write(newValue, .saveIndex) }
  }
  var reason: UInt64 {
    get { read(.reason) }
    nonmutating set { write(newValue, .reason) }
  }
  var events: UInt64 {
    get { read(.events) }
    nonmutating set { write(newValue, .events) }
  }
  var savedIndex: UInt64 {
    get { read(.savedIndex) }
    nonmutating set { write(newValue, .savedIndex) }
  }
  var faultKind: UInt64 {
    get { read(.faultKind) }
    nonmutating set { write(newValue, .faultKind) }
  }
  var faultAddress: UInt64 {
    get { read(.faultAddress) }
    nonmutating set { write(newValue, .faultAddress) }
  }

  /// A register of a saved context, by its place in a `RegisterFrame`.
  func register(_ number: UInt64, of context: UInt64) -> UInt64 { Memory.read(place(number, context)) }

  func setRegister(_ number: UInt64, of context: UInt64, to value: UInt64) {
    Memory.write(value, at: place(number, context))
  }

  private func place(_ number: UInt64, _ context: UInt64) -> UInt64 {
    address + ControlBlock.contextOffset + context * ControlBlock.contextStride + number * 8
  }

  private func read(_ word: ControlBlock.Word) -> UInt64 { Memory.read(address + word.offset) }

  private func write(_ value: UInt64, _ word: ControlBlock.Word) {
    Memory.write(value, at: address + word.offset)
  }
}

/// What the activations of a helper saw, and how they are to behave: some words in memory.
struct ActivationRecord {
  let address: UInt64

  /// Address of the control block.
  var block: UInt64 {
    get { Memory.read(address + 0) }
    nonmutating set { Memory.write(newValue, at: address + 0) }
  }
  /// Activations that were entered.
  var count: UInt64 {
    get { Memory.read(address + 8) }
    nonmutating set { Memory.write(newValue, at: address + 8) }
  }
  /// All reasons and events that there were, ORed.
  var reasons: UInt64 {
    get { Memory.read(address + 16) }
    nonmutating set { Memory.write(newValue, at: address + 16) }
  }
  var events: UInt64 {
    get { Memory.read(address + 24) }
    nonmutating set { Memory.write(newValue, at: address + 24) }
  }
  /// While it is not 0, an activation stays, and gives way again and again.
  var stay: UInt64 {
    get { Memory.read(address + 32) }
    nonmutating set { Memory.write(newValue, at: address + 32) }
  }
  /// What came back from `activationReturn`, in place of a context: events, ORed, and the last refusal.
  var returned: UInt64 {
    get { Memory.read(address + 40) }
    nonmutating set { Memory.write(newValue, at: address + 40) }
  }
  var refusal: UInt64 {
    get { Memory.read(address + 48) }
    nonmutating set { Memory.write(newValue, at: address + 48) }
  }
  var refusedAt: UInt64 {
    get { Memory.read(address + 56) }
    nonmutating set { Memory.write(newValue, at: address + 56) }
  }
  /// Context to go on with instead of the saved one, if it is not 0: one more than its number.
  var index: UInt64 {
    get { Memory.read(address + 64) }
    nonmutating set { Memory.write(newValue, at: address + 64) }
  }
}

/// An activation from its entry to its end. A fault is left behind by going on with the next instruction.
@c(selftest_activation)
func activationMain(reason: UInt64, events: UInt64, index: UInt64, address: UInt64) {
  let record = ActivationRecord(address: address)
  record.count += 1
  record.reasons |= reason
  record.events |= events
  while record.stay != 0 { Processor.yield() }
  if ActivationReason(rawValue: reason).contains(.fault) {
    let block = ControlBlockWords(address: record.block)
    let pc = RegisterFrame.pcIndex
    block.setRegister(pc, of: index, to: block.register(pc, of: index) + 4)
  }
  while true {
    var request = Request(.activationReturn)
    request.target = record.index == 0 ? index : record.index - 1
    let answer = request.perform()
    record.returned |= answer.badge
    if answer.status != Status.ok.rawValue {
      record.refusal = answer.status
      record.refusedAt = answer.detail
      while true { Processor.yield() }
    }
  }
}
