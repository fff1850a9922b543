internal import KernelObjects
internal import TestSupport

/// Programs that try what no program would: any number in any register, and among them numbers that look right.
package struct HostileGenerator {
  private var random: SplitMix64
  private var sensible: OperationGenerator

  package init(seed: UInt64) {
    random = SplitMix64(seed: seed)
    sensible = OperationGenerator(seed: seed)
  }

  package mutating func next(for lockstep: Lockstep) -> Operation {
    guard lockstep.hasReadyActor else {
      return .restart(Int.random(in: 0..<Environment.actorCount, using: &random))
    }
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<2: return .tick
    case 2..<4: return .interrupt(UInt64(Int.random(in: Environment.lines, using: &random)))
    case 4: return .fault(actor(lockstep), address: word(lockstep))
    case 5: return .compute(actor(lockstep), random.next())
    case 6..<8: return .restart(Int.random(in: 0..<Environment.actorCount, using: &random))
    case 8..<50: return .call(actor(lockstep), registers(lockstep))
    default: return spoilt(sensible.next(for: lockstep), lockstep)
    }
  }

  /// A call that would have made sense, but for one register.
  private mutating func spoilt(_ operation: Operation, _ lockstep: Lockstep) -> Operation {
    guard case .call(let actor, var registers) = operation else { return operation }
    switch Int.random(in: 0..<12, using: &random) {
    case 0: registers.number = number()
    case 1: registers.pointer = word(lockstep)
    case 2: registers.info = info()
    case 3: registers.passed = word(lockstep)
    case 4: registers.receiveSlot = word(lockstep)
    case let other: registers.words[other % 6] = word(lockstep)
    }
    return .call(actor, registers)
  }

  private mutating func actor(_ lockstep: Lockstep) -> Actor {
    let ready = (0..<Environment.actorCount).filter { lockstep.isReady(.fixed($0)) }
    return .fixed(ready.randomElement(using: &random) ?? 0)
  }

  private mutating func registers(_ lockstep: Lockstep) -> CallRegisters {
    CallRegisters(
      number(), word(lockstep), info: info(), words: (0..<6).map { _ in word(lockstep) },
      passed: word(lockstep), receiveSlot: word(lockstep))
  }

  /// Half of the calls are invocations; every other number comes as well.
  private mutating func number() -> UInt64 {
    switch Int.random(in: 0..<8, using: &random) {
    case 0: random.next()
    case 1: UInt64.random(in: 0..<256, using: &random)
    case 2, 3: UInt64.random(in: 0...10, using: &random)
    default: SystemCall.call.rawValue
    }
  }

  /// Labels that exist, all that are near them, and any bits.
  private mutating func info() -> UInt64 {
    let label =
      switch Int.random(in: 0..<8, using: &random) {
      case 0: random.next()
      case 1, 2: UInt64.random(in: 0..<0x1000, using: &random)
      default: Invocation.allCases.randomElement(using: &random)?.rawValue ?? 0
      }
    return label << 8 | UInt64.random(in: 0..<256, using: &random)
  }

  /// A capability pointer that is one or almost one, an address that is the kernel's or a device's, or any number.
  private mutating func word(_ lockstep: Lockstep) -> UInt64 {
    let small = UInt64.random(in: 0..<64, using: &random)
    switch Int.random(in: 0..<16, using: &random) {
    case 0..<8: return small
    case 8: return UInt64.random(in: 0..<8, using: &random)
    case 9: return Environment.inner &+ small
    case 10: return lockstep.recordingBase &+ UInt64.random(in: 0..<4 << 20, using: &random)
    case 11: return 0xffff_0000_0000_0000 | lockstep.recordingBase &+ small << 12
    case 12: return 0x0800_0000 &+ UInt64.random(in: 0..<0x200_0000, using: &random)
    case 13: return UInt64(1) << small
    case 14: return .max &- small
    default: return random.next()
    }
  }
}
