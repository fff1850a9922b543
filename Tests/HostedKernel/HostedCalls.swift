package import KernelCore
package import KernelObjects

/// What a system call left in the caller's registers.
package struct CallResult: Equatable {
  package var status: Status
  package var info: MessageInfo
  package var words: [UInt64]
  package var badge: UInt64
}

extension HostedKernel {
  /// Lets `domain` run, as if the slice vector had come to it.
  package func run(_ domain: Reference<Domain>) {
    state.object.current = domain.address
    let capability = domain.object.protectionDomain.capability
    let root = capability.isNull ? state.object.emptyRoot : capability.address
    state.object.activeRoot = root
    if state.object.floatingPointOwner != domain.address { machine.trapFloatingPoint() }
    state.object.settledRoot = machine.isFloatingPointAllowed ? KernelState.unsettledRoot : root
    machine.activate(root: root, asid: capability.asid)
  }

  /// `domain` sets a word of its `FloatingPointState`, and is trapped if it may not.
  ///
  /// - Returns: what the word was before.
  package func setFloatingPoint(_ index: Int, to value: UInt64, by domain: Reference<Domain>) -> UInt64 {
    run(domain)
    if !machine.isFloatingPointAllowed { _ = kernel.handleFloatingPointAccess() }
    defer { machine.floatingPoint[index] = value }
    return machine.floatingPoint[index]
  }

  /// Word `index` of a Domain's `FloatingPointState`, wherever it is.
  package func floatingPoint(_ index: Int, of domain: Reference<Domain>) -> UInt64 {
    if state.object.floatingPointOwner == domain.address { return machine.floatingPoint[index] }
    return (domain.part(at: Domain.floatingPointOffset) as Reference<UInt64>)[UInt64(index)].object
  }

  /// Time passes until the timer interrupts: to the end of the slot, or of what was lent of it.
  package func passSlot() {
    machine.now = max(machine.now, machine.deadline ?? 0)
    kernel.tick()
  }

  /// `domain` makes a system call; what it left in the registers is read with `result`.
  package func systemCall(
    _ call: UInt64, _ pointer: UInt64, info: MessageInfo = MessageInfo(label: 0), words: [UInt64] = [],
    capability: UInt64 = 0, receiveSlot: UInt64 = 0, by domain: Reference<Domain>
  ) {
    run(domain)
    domain.object.registers.x[0] = pointer
    domain.object.registers.x[1] = info.word
    for (index, word) in words.prefix(6).enumerated() { domain.object.registers.x[2 + index] = word }
    domain.object.registers.x[8] = call
    domain.object.registers.x[9] = capability
    domain.object.registers.x[10] = receiveSlot
    executeCall(of: domain)
  }

  /// Executes the `svc` that `domain` stands behind.
  private func executeCall(of domain: Reference<Domain>) {
    let pc = domain.object.registers.pc
    let isReturn = domain.object.registers.x[8] == SystemCall.activationReturn.rawValue
    if usesQuickPath { kernel.handleSystemCall() } else { kernel.handleSystemCallInSteps() }
    // It was sent back to it: the operation is unfinished. A saved context may lead there, too.
    isUnfinished = !isReturn && domain.object.registers.pc == pc &- 4
  }

  /// Goes on with an unfinished system call, as a domain that runs again does.
  package func callAgain(by domain: Reference<Domain>) {
    run(domain)
    domain.object.registers.pc &+= 4
    executeCall(of: domain)
  }

  /// `domain` does what it may not.
  package func fault(_ kind: FaultKind, address: UInt64, syndrome: UInt64, by domain: Reference<Domain>) {
    run(domain)
    if usesQuickPath {
      kernel.handleFault(kind, address: address, syndrome: syndrome)
    } else {
      kernel.handleFaultInSteps(kind, address: address, syndrome: syndrome)
    }
  }

  package func result(of domain: Reference<Domain>) -> CallResult {
    let info = MessageInfo(word: domain.object.registers.x[1])
    return CallResult(
      status: Status(rawValue: domain.object.registers.x[0]) ?? .unknownSystemCall, info: info,
      words: (0..<Int(info.length)).map { domain.object.registers.x[2 + $0] },
      badge: domain.object.registers.x[8])
  }

  /// Invokes a kernel object; the words that are not given are zero.
  @discardableResult
  package func invoke(
    _ pointer: UInt64, _ invocation: Invocation, _ words: UInt64..., by domain: Reference<Domain>
  ) -> CallResult {
    let padded = words + Array(repeating: 0, count: 6 - words.count)
    systemCall(
      SystemCall.call.rawValue, pointer, info: MessageInfo(label: invocation.rawValue, length: 6),
      words: padded,
      by: domain)
    return result(of: domain)
  }

  package var root: Reference<Domain> { Reference(state.object.rootDomain) }

  /// Slot `index` of the root CNode.
  package func rootSlot(_ index: UInt64) -> Reference<Slot> { Reference<Slot>(state.object.rootCNode)[index] }
}
