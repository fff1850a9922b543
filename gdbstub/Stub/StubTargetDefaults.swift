public import GDBProtocol

/// A target with one thread.
extension StubTarget {
  /// The one thread.
  public var currentThread: ThreadID { .first }

  /// The one thread, and none after it.
  public func thread(after thread: ThreadID?) -> ThreadID? { thread == nil ? .first : nil }

  /// Whether `thread` is the one.
  public func isAlive(_ thread: ThreadID) -> Bool { thread == .first }

  /// "processor".
  public func describe(_ thread: ThreadID, in text: inout ReplyText) { text.append("processor") }
}

/// A target that stops as a whole.
extension StubTarget {
  /// No.
  public static var holdsThreads: Bool { false }

  /// No.
  public func canHold(_ thread: ThreadID) -> Bool { false }

  /// It cannot.
  public mutating func hold(_ thread: ThreadID, for reason: StopReason) -> Bool { false }

  /// None is.
  public func hold(of thread: ThreadID) -> ThreadHold? { nil }

  /// None is held.
  public mutating func setTold(_ isTold: Bool, of thread: ThreadID) {}

  /// None is held.
  public mutating func release(_ thread: ThreadID, _ how: Resumption) {}
}

/// A target without what not every target has.
extension StubTarget {
  /// It may be anywhere.
  public func allowsBreakpoint(at address: UInt64) -> Bool { true }

  /// Unsupported: gdb uses software breakpoints and single steps.
  public mutating func insert(
    _ kind: HardwareBreakpoint, at address: UInt64, length: UInt64
  ) -> HardwareBreakpointAnswer { .unsupported }

  /// Unsupported.
  public mutating func remove(
    _ kind: HardwareBreakpoint, at address: UInt64, length: UInt64
  ) -> HardwareBreakpointAnswer { .unsupported }

  /// There are none.
  public mutating func removeAllHardwareBreakpoints() {}

  /// Knows no command.
  public mutating func monitor(_ command: ByteBuffer, answer: inout ReplyText) -> Bool { false }

  /// None.
  public static func table(at index: Int) -> OSTable? { nil }

  /// None.
  public func writeRows(ofTable index: Int, into rows: inout TableRows) {}

  /// Unknown.
  public func memoryMapRegion(at index: Int) -> MemoryMapRegion? { nil }

  /// It cannot: `kill` detaches then.
  public var canReset: Bool { false }

  /// None.
  public var descriptor: ByteBuffer? { nil }

  /// None.
  public var epoch: UInt64? { nil }
}

/// A target that does not know what its memory means.
extension StubTarget where Objects == EmptyCollection<MemoryMapRegion>.Iterator {
  /// Unknown.
  public func objects() -> Objects? { nil }
}
