import KernelObjects

extension Kernel {
  func invokeDebug(_ invocation: Invocation, _ context: InvocationContext) throws(Refusal) {
    switch invocation {
    case .debugPutChar:
      machine.putChar(UInt8(truncatingIfNeeded: context.word(0)))
    case .debugWrite:
      let count = context.word(0)
      guard count <= 40 else { throw Refusal(.outOfRange, argument: 1, detail: 41) }
      for index in 0..<count {
        let word = context.word(Int(truncatingIfNeeded: 1 &+ index &>> 3))
        machine.putChar(UInt8(truncatingIfNeeded: word &>> ((index & 7) &* 8)))
      }
    case .debugSetName:
      let domain = try capabilityArgument(0, .domain, in: context).capability
      setName(Reference(domain.address), context.word(1), context.word(2))
    default: throw Refusal(.invalidInvocation, detail: invocation.rawValue)
    }
  }
}
