internal import BenchInstructions
internal import KernelObjects
internal import LibVesper

extension bench_registers {
  /// The registers of a system call with `words`.
  init<let count: Int>(
    _ number: SystemCall, on target: CapabilityPointer, label: UInt64 = 0, words: InlineArray<count, UInt64>
  ) {
    self.init()
    x0 = target.rawValue
    x1 = MessageInfo(label: label, length: UInt64(count)).word
    if count > 0 { x2 = words[0] }
    if count > 1 { x3 = words[1] }
    if count > 2 { x4 = words[2] }
    if count > 3 { x5 = words[3] }
    if count > 4 { x6 = words[4] }
    if count > 5 { x7 = words[5] }
    x8 = number.rawValue
  }

  /// A system call without words.
  init(_ number: SystemCall, on target: CapabilityPointer) {
    self.init(number, on: target, words: InlineArray<0, UInt64>(repeating: 0))
  }

  /// An invocation without words.
  init(_ invocation: Invocation, on target: CapabilityPointer) {
    self.init(.call, on: target, label: invocation.rawValue, words: InlineArray<0, UInt64>(repeating: 0))
  }

  /// The invocation of a kernel object.
  init<let count: Int>(
    _ invocation: Invocation, on target: CapabilityPointer, _ words: InlineArray<count, UInt64>
  ) {
    self.init(.call, on: target, label: invocation.rawValue, words: words)
  }
}
