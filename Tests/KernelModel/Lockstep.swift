package import HostedKernel
internal import KernelCore
package import KernelObjects

/// A kernel and a model to which the same happens.
package final class Lockstep {
  package let hosted: HostedKernel
  package private(set) var model: Model
  let environment: Environment
  private var comparison: Comparison
  private var steps = 0
  private let mistake: Mistake
  /// Answers to system calls since the start, by what was called.
  package private(set) var outcomes: [Outcome: Int] = [:]
  /// Whether a call that was left unfinished could not be made again, because it had destroyed its caller or the way
  /// to its object. What is left undone then is not the model's to say.
  package private(set) var hasLostItsWay = false
  /// System calls that actors made.
  package private(set) var calls = 0

  /// What a system call that did not block was answered with.
  package struct Outcome: Hashable {
    package let call: SystemCall
    /// What its capability pointer named.
    package let type: CapabilityType?
    /// If that is a kernel object.
    package let invocation: Invocation?
    package let status: Status
    /// The argument that was refused; 0 is the capability itself, or none.
    package let argument: UInt64
  }

  /// Steps between two thorough comparisons.
  private let thoroughInterval: Int

  /// - Parameters:
  ///   - base: physical address of the kernel's memory. Some operations have addresses as arguments, so a sequence
  ///     is repeated at the same one.
  ///   - workLimit: what an entry of the kernel may do of a long operation.
  ///   - thoroughInterval: operations from one thorough comparison to the next.
  ///   - mistake: what the kernel does wrongly.
  /// - Throws: a `Difference`, or if no kernel can be had at that address.
  package init(
    base: UInt64, workLimit: UInt64 = .max, thoroughInterval: Int = 256,
    mistake: Mistake = .none
  ) throws {
    self.thoroughInterval = thoroughInterval
    hosted = try HostedKernel(size: 4 << 20, base: base)
    model = Model(booted: hosted)
    environment = Environment(hosted.bootInfo)
    hosted.machine.workLimit = workLimit
    hosted.kernel.line(Environment.kernelLine).object.flags = IRQFlags.kernel.rawValue
    model.lines[Int(Environment.kernelLine)].isKernel = true
    comparison = Comparison(hosted)
    self.mistake = mistake
    guard let root = model.current else { return }
    for call in environment.construction {
      systemCall(call, call, by: root)
      guard model[root, 0] == Status.ok.rawValue else { throw Difference("the environment: \(call)") }
      try comparison.compare(model, isThorough: false)
    }
    try comparison.compare(model, isThorough: true)
  }

  /// - Throws: where kernel and model differ afterwards.
  package func perform(_ operation: Operation) throws(Difference) {
    let told = mistake.translate(operation)
    switch (operation, told) {
    case (.tick, _):
      hosted.passSlot()
      model.tick()
    case (.pass(let counts), _):
      let last = max(model.now, (model.deadline ?? .max) - 1)
      let now = min(model.now &+ counts % HostMachine.tickCounts, last)
      hosted.machine.now = now
      model.now = now
    case (.interrupt(let irq), _):
      hosted.kernel.handleInterrupt(irq)
      model.interrupt(Int(irq))
    case (.fault(let actor, let address), _): fault(actor, address)
    case (.compute(let actor, let number), _): compute(actor, number)
    case (.scribble(let slot), _): scribble(slot)
    case (.write(let slot, let word, let value), _): write(slot, Int(word % 512), value)
    case (.restart(let number), _): restart(number)
    case (.call(let actor, let registers), .call(_, let told)): call(actor, registers, told)
    default: break
    }
    if hasLostItsWay { return }
    for name in model.domains.keys { mistake.spoil(Reference(model.addresses[name] ?? 0)) }
    steps += 1
    try comparison.compare(model, isThorough: steps % thoroughInterval == 0)
    try compareConsole()
  }

  private func compareConsole() throws(Difference) {
    if model.console != hosted.machine.takeConsole() { throw Difference("the console's text") }
    model.console.removeAll(keepingCapacity: true)
  }

  private func fault(_ actor: Actor, _ address: UInt64) {
    guard let domain = ready(actor) else { return }
    run(domain)
    hosted.kernel.handleFault(.dataAbort, address: address, syndrome: 0x9200_0000)
    model.fault(.dataAbort, address: address, syndrome: 0x9200_0000)
  }

  private func compute(_ actor: Actor, _ number: UInt64) {
    guard let domain = ready(actor) else { return }
    run(domain)
    let index = Int(number % UInt64(FloatingPointState.registers.count))
    _ = hosted.setFloatingPoint(index, to: number, by: Reference(model.addresses[domain] ?? 0))
    model.domains[domain]?.floatingPoint[index] = number
    model.settle()
  }

  private func scribble(_ slot: UInt64) {
    guard let (frame, memory) = frame(slot) else { return }
    for word in UInt64(0)..<512 { memory[word].object = 0xa5a5_a5a5_a5a5_a5a5 }
    model.frames[frame]?.scribble(0xa5a5_a5a5_a5a5_a5a5)
  }

  private func write(_ slot: UInt64, _ word: Int, _ value: UInt64) {
    guard let (frame, memory) = frame(slot) else { return }
    memory[UInt64(word)].object = value
    model.frames[frame]?[word] = value
  }

  /// The frame in a slot of the arena, if that is memory, and its words.
  private func frame(_ slot: UInt64) -> (ObjectName, Reference<UInt64>)? {
    guard let capability = arenaCapability(slot), let frame = model.frames[capability.object],
      !frame.isDevice, let address = model.addresses[capability.object]
    else { return nil }
    return (capability.object, Reference(address))
  }

  private func restart(_ number: Int) {
    guard number < Environment.actorCount, model.isReady(Model.root) else { return }
    for call in environment.restart(number) { systemCall(call, call, by: Model.root) }
  }

  private func call(_ actor: Actor, _ registers: CallRegisters, _ told: CallRegisters) {
    guard let domain = ready(actor) else { return }
    calls += 1
    let place = try? model.resolve(registers.pointer, by: domain, argument: 0)
    let type = place.flatMap { model.slots[$0]?.type }
    let changes = model.domains[domain]?.contextChanges
    systemCall(registers, told, by: domain)
    // What its registers say is no answer, if they are those of another context.
    guard let call = SystemCall(rawValue: registers.number), model.isReady(domain),
      changes == model.domains[domain]?.contextChanges,
      let status = Status(rawValue: model[domain, 0])
    else { return }
    let invocation = registers.invocation.flatMap { $0.objectType == type?.rawValue ? $0 : nil }
    let isRefused = status != .ok && model[domain, 1] == MessageInfo(label: 0, length: 2).word
    let outcome = Outcome(
      call: call, type: type, invocation: invocation, status: status,
      argument: isRefused ? model[domain, 2] : 0)
    outcomes[outcome, default: 0] += 1
  }

  var recordingBase: UInt64 { hosted.memory.base }

  var hasReadyActor: Bool { (0..<Environment.actorCount).contains { isReady(.fixed($0)) } }

  func isReady(_ actor: Actor) -> Bool { ready(actor) != nil }

  /// Whether somebody waits for the actor's answer.
  func hasCaller(_ actor: Actor) -> Bool {
    ready(actor).map { model.slots[.own(.caller, of: $0)] != nil } ?? false
  }

  /// The Domain that an actor is, if it can run.
  private func ready(_ actor: Actor) -> ObjectName? {
    let capability: CapabilityValue?
    switch actor {
    case .fixed(let number):
      guard (0..<Environment.actorCount).contains(number) else { return nil }
      capability = model.slots[Place(holder: Model.rootNode, index: Int(environment.actor(number)))]
    case .slot(let slot): capability = arenaCapability(slot)
    }
    guard let capability, capability.type == .domain, model.isReady(capability.object) else { return nil }
    return capability.object
  }

  func arenaCapability(_ slot: UInt64) -> CapabilityValue? {
    arena.flatMap { model.slots[Place(holder: $0, index: Int(truncatingIfNeeded: slot))] }
  }

  private var arena: ObjectName? {
    model.slots[Place(holder: Model.rootNode, index: Int(environment.arenaNode))]?.object
  }

  private func run(_ domain: ObjectName) {
    hosted.run(Reference(model.addresses[domain] ?? 0))
    model.current = domain
  }

  private func systemCall(_ registers: CallRegisters, _ told: CallRegisters, by name: ObjectName) {
    run(name)
    let domain = Reference<Domain>(model.addresses[name] ?? 0)
    for (number, word) in told.all { domain[x: number] = word }
    for (number, word) in registers.all { model[name, number] = word }
    let isRepeated = execute(by: domain)
    model.systemCall()
    guard isRepeated, told.invocation == .untypedRetype, model.domains[name] != nil else { return }
    // A retype counts in the words that it was given (w2 and w4) what it still has to make.
    for number in [4, 6] { model[name, number] = domain[x: number] }
  }

  /// Whether a Domain lost its slice with a call unfinished, and another of its slices began with an activation, which has
  /// to go back there.
  private func isSaved(_ pc: UInt64, by domain: Reference<Domain>) -> Bool {
    let capability = domain.slot(.controlBlock).capability
    guard capability.isA(.frame) else { return false }
    let block = Reference<ControlBlock>(capability.address)
    let index = block.object.savedIndex % ControlBlock.contextCount
    let context: Reference<RegisterFrame> = block.part(
      at: ControlBlock.contextOffset + index * ControlBlock.contextStride)
    return domain.object.registers.pc == block.object.entry && context.object.pc == pc
  }

  /// A call that the kernel leaves unfinished is made again until it is done, as the processor does.
  ///
  /// - Returns: whether that was necessary.
  private func execute(by domain: Reference<Domain>) -> Bool {
    var isRepeated = false
    // Wherever the context leads that it goes on with, be it to an instruction before this one.
    let isReturn = domain[x: 8] == SystemCall.activationReturn.rawValue
    while true {
      let pc = domain.object.registers.pc
      _ = hosted.kernel.handleSystemCall()
      if isReturn { break }
      guard domain.object.registers.pc == pc &- 4 else {
        if isSaved(pc &- 4, by: domain) { hasLostItsWay = true }
        break
      }
      isRepeated = true
      // Whoever has destroyed itself does not come back.
      guard domain.object.state == DomainState.ready.rawValue else {
        hasLostItsWay = true
        break
      }
      // By the model nobody runs before the call is done: here, what ended of a loan of time already had others run.
      if hosted.state.object.current != domain.address { hasLostItsWay = true }
      hosted.run(domain)
      domain.object.registers.pc = pc
    }
    while hosted.state.object.destruction != 0 { hosted.kernel.destroyAbandoned() }
    // Nor can it name again what it destroyed, to have the rest done.
    if isRepeated && domain[x: 0] != Status.ok.rawValue { hasLostItsWay = true }
    return isRepeated
  }
}

extension CallRegisters {
  /// Register numbers and what is in them.
  fileprivate var all: [(Int, UInt64)] {
    [(0, pointer), (1, info), (8, number), (9, passed), (10, receiveSlot)]
      + words.enumerated().map { ($0 + 2, $1) }
  }
}

extension Model {
  /// The Domain and the CNode that boot made.
  static let rootNode = ObjectName(number: 1)
  static let root = ObjectName(number: 2)
}
