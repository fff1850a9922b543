/// A piece of memory: `count` bytes from `address` on.
package struct MemoryRange: Hashable, Sendable {
  package var address: UInt64
  package var count: Int

  package init(address: UInt64, count: Int) {
    self.address = address
    self.count = count
  }
}

/// The optional operations of a way in.
package struct TargetCapabilities: OptionSet, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// Memory can be read while the system runs.
  package static let readsWhileRunning = TargetCapabilities(rawValue: 1 << 0)
  /// Memory can be written.
  package static let writesMemory = TargetCapabilities(rawValue: 1 << 1)
  /// The system can be stopped, continued and stepped.
  package static let runControl = TargetCapabilities(rawValue: 1 << 2)
  /// Registers can be read and written.
  package static let registers = TargetCapabilities(rawValue: 1 << 3)
  /// Breakpoints can be set.
  package static let breakpoints = TargetCapabilities(rawValue: 1 << 4)
  /// Memory can be read by virtual address.
  package static let readsVirtual = TargetCapabilities(rawValue: 1 << 5)
  /// Many pieces of memory are read in some ten microseconds, in the order in which they are asked for.
  package static let readsAtOnce = TargetCapabilities(rawValue: 1 << 6)
  /// Registers are those that the processor has, whichever domain they are of and whether it runs.
  package static let readsProcessor = TargetCapabilities(rawValue: 1 << 7)
}

/// Whether the system executes.
package enum RunState: Equatable, Sendable {
  case running
  case stopped(StopEvent)
}

/// Why the system stopped.
package struct StopEvent: Equatable, Sendable {
  package enum Reason: Equatable, Sendable {
    /// A breakpoint was hit, or a step is done (GDB's SIGTRAP says both).
    case trap
    case breakpoint
    /// A watchpoint at this virtual address was hit.
    case watchpoint(UInt64)
    /// Somebody asked for it (SIGINT), which connecting to a QEMU does too.
    case interrupt
    /// The system ended with this status.
    case exited(UInt8)
    /// Another signal, by GDB's number.
    case signal(UInt8)
  }

  package var reason: Reason
  /// The thread (processor or domain) that stopped, in the stub's own spelling.
  package var thread: String?

  package init(_ reason: Reason, thread: String? = nil) {
    self.reason = reason
    self.thread = thread
  }
}

/// One register and its contents, zero-extended.
package struct RegisterValue: Equatable, Sendable {
  package var name: String
  package var bitWidth: Int
  /// The low 64 bits.
  package var value: UInt64
  /// Bits 64...127, of a register that has them.
  package var high: UInt64

  package init(name: String, bitWidth: Int, value: UInt64, high: UInt64 = 0) {
    self.name = name
    self.bitWidth = bitWidth
    self.value = value
    self.high = high
  }
}

/// Something that a target lacks, such as the end of a file that was cut.
package struct TargetDefect: Hashable, Sendable {
  package var object: String
  package var field: String
  package var text: String
}
