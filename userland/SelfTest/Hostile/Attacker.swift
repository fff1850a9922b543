internal import KernelObjects
internal import LibVesper
internal import SelfTestInstructions

/// Makes system calls with registers that make sense just often enough to get far. The same seed makes the same calls.
struct Attacker {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
  private mutating func random() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z &>> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z &>> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z &>> 31
  }

  private mutating func random(below limit: UInt64) -> UInt64 { random() % limit }

  mutating func nextRequest() -> Request {
    var request = Request(.call)
    request.number = number()
    request.target = pointer()
    request.info = info(for: request.target)
    for index in 0..<6 { request.words[index] = argument() }
    request.capability = pointer()
    request.slot = pointer()
    return request
  }

  /// Mostly calls, since only those reach the kernel's objects; now and then what is no system call.
  private mutating func number() -> UInt64 {
    switch random(below: 64) {
    case 0: random()
    case 1..<24: random(below: 10)
    default: SystemCall.call.rawValue
    }
  }

  /// Mostly what is or was a capability; else a forged one.
  private mutating func pointer() -> UInt64 {
    switch random(below: 16) {
    case 0: random()
    case 1: 1 &<< random(below: 64) | random(below: 32)
    case 2: random(below: 1 &<< AttackerSlot.radix)
    default: 1 + random(below: AttackerSlot.count)
    }
  }

  /// Mostly an invocation of the type that was in the slot at first.
  private mutating func info(for target: UInt64) -> UInt64 {
    if random(below: 16) == 0 { return random() }
    let type = AttackerSlot(rawValue: target)?.type.rawValue ?? UInt8(truncatingIfNeeded: random(below: 16))
    let label = UInt64(type) &<< 8 | 1 + random(below: 8)
    return MessageInfo(label: label, length: random(below: 8), hasCapability: random(below: 2) == 0).word
  }

  private mutating func argument() -> UInt64 {
    switch random(below: 16) {
    case 0: random()
    case 1: .max &- random(below: 4)
    case 2: 1 &<< random(below: 64)
    // The kernel's image, its direct map, the interrupt controller, the UART.
    case 3: 0xffff_0000_4020_0000 &+ random(below: 1 &<< 20)
    case 4: 0xffff_0000_0000_0000 &+ random(below: 1 &<< 33)
    case 5: 0x0800_0000 &+ random(below: 2) &* 0x0100_0000 &+ random(below: 4096)
    case 6: random(below: 512)
    case 7..<10: random(below: 14)
    default: random(below: 1 &<< AttackerSlot.radix)
    }
  }
}

/// An attacker's whole life. `address` is its record's.
@c(selftest_attacker)
func attackerMain(address: UInt64, seed: UInt64, _: UInt64) {
  // Safety: whoever starts an attacker passes the address of a record that is mapped for reading and writing.
  guard let record = unsafe UnsafeMutablePointer<AttackerRecord>(bitPattern: UInt(address)) else { return }
  var attacker = Attacker(seed: seed)
  while true {
    let answer = attacker.nextRequest().perform()
    unsafe record.pointee.calls += 1
    if answer.status < 20 { unsafe record.pointee.outcomes[Int(answer.status)] += 1 }
  }
}
