internal import ThreadSwitch

/// One of the calling domain's threads.
public struct Thread: Equatable {
  let record: Pointer<ThreadRecord>

  init(_ record: Pointer<ThreadRecord>) { self.record = record }

  /// The thread that asks.
  public static var current: Thread { Thread(Scheduler.own.current) }

  /// Bytes of a stack that are the library's: the record, and what a preemption takes.
  public static let overhead: UInt64 = 1024

  var joiners: Pointer<WaitQueue> { record.part(at: MemoryLayout<UInt64>.stride) }

  /// Makes a thread that runs when the others give way. Its stack is the library's until it was joined.
  ///
  /// - Parameters:
  ///   - stack: address, a multiple of 16.
  ///   - size: in bytes, a multiple of 16.
  ///   - argument: what `body` is given.
  ///   - body: what it does; what that returns is the thread's result.
  /// - Returns: the thread, which is ready.
  public static func create(
    stack: UInt64, size: UInt64, argument: UInt64 = 0, _ body: ThreadBody
  ) -> Thread {
    let length = (UInt64(MemoryLayout<ThreadRecord>.stride) + 15) & ~15
    let thread = Thread(Pointer(stack + size - length))
    thread.record.object = ThreadRecord()
    thread.record.object.body = body
    thread.record.object.argument = argument
    thread.record.object.stackPointer = vesper_thread_prepare(thread.record.address, thread.record.address)
    let scheduler = Scheduler.own
    scheduler.enter()
    scheduler.makeReady(thread.record)
    scheduler.leave()
    return thread
  }

  /// Waits for the thread's end.
  ///
  /// - Returns: its result.
  public func join() throws(Deadlock) -> UInt64 {
    let scheduler = Scheduler.own
    scheduler.enter()
    defer { scheduler.leave() }
    if !record.object.isFinished { try scheduler.wait(in: joiners) }
    return record.object.result
  }
}
