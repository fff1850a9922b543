internal import GDBStub
internal import GDBStubAArch64
internal import KernelCore
internal import KernelObjects

// Floating-point registers are a domain's: in its object, or in the processor if it used them last. The kernel has none.
extension KernelTarget {
  /// Where a register is in a `FloatingPointState`, in words, and how many it has.
  func floatingPointWords(of register: AArch64Register) -> (first: UInt64, count: UInt64)? {
    switch register {
    case .floatingPointStatus: (0, 1)
    case .floatingPointControl: (1, 1)
    case .vector(let number): (2 &+ 2 &* UInt64(truncatingIfNeeded: number), 2)
    default: nil
    }
  }

  func readFloatingPoint(_ words: (first: UInt64, count: UInt64), of thread: ThreadID) -> RegisterContents? {
    guard let domain = domain(of: thread) else { return nil }
    kernel.storeFloatingPoint(of: domain)
    let table: Reference<UInt64> = domain.part(at: Domain.floatingPointOffset)
    return RegisterContents(
      low: table[words.first].object, high: words.count == 1 ? 0 : table[words.first &+ 1].object)
  }

  func writeFloatingPoint(
    _ words: (first: UInt64, count: UInt64), of thread: ThreadID, to value: RegisterContents
  ) -> Bool {
    guard let domain = domain(of: thread) else { return false }
    kernel.takeFloatingPoint(from: domain)
    let table: Reference<UInt64> = domain.part(at: Domain.floatingPointOffset)
    table[words.first].object = value.low
    if words.count == 2 { table[words.first &+ 1].object = value.high }
    return true
  }

  private func domain(of thread: ThreadID) -> Reference<Domain>? {
    thread != .processor && isAlive(thread) ? Reference(thread.domain) : nil
  }
}
