import KernelObjects

extension Kernel {
  func invokeDebug(_ context: InvocationContext) throws(Refusal) {
    switch context.label {
    case Invocation.debugPutChar.rawValue:
      machine.putChar(UInt8(truncatingIfNeeded: context.word(0)))
    case Invocation.debugWrite.rawValue:
      let count = context.word(0)
      guard count <= 40 else { throw Refusal(.outOfRange, argument: 1, detail: 41) }
      for index in 0..<count {
        let word = context.word(Int(truncatingIfNeeded: 1 &+ index &>> 3))
        machine.putChar(UInt8(truncatingIfNeeded: word &>> ((index & 7) &* 8)))
      }
    case Invocation.debugSetName.rawValue:
      let domain = try capabilityArgument(0, .domain, in: context).capability
      setName(Reference(domain.address), context.word(1), context.word(2))
    default: throw context.noSuchInvocation
    }
  }
}
