/// What threads that hold a mutex wait for until another says that it may hold now.
public struct Condition {
  let waiters: Pointer<WaitQueue>

  /// Bytes of memory that one takes.
  public static var size: UInt64 { UInt64(MemoryLayout<WaitQueue>.stride) }

  /// - Parameter address: a multiple of 8.
  public init(at address: UInt64) {
    waiters = Pointer(address)
    waiters.object = WaitQueue()
  }

  /// The one that was made there.
  public init(existingAt address: UInt64) { waiters = Pointer(address) }

  /// Gives the mutex up, waits for a signal, and takes the mutex again. After a deadlock it is not held.
  public func wait(_ mutex: Mutex) throws(Deadlock) {
    let scheduler = Scheduler.own
    scheduler.enter()
    defer { scheduler.leave() }
    scheduler.current.object.mutex = mutex.record
    Mutex.release(mutex.record, by: scheduler)
    try scheduler.wait(in: waiters)
  }

  /// Ends the wait of the thread that waits longest, if any does.
  public func signal() {
    let scheduler = Scheduler.own
    scheduler.enter()
    wakeFirst(by: scheduler)
    scheduler.leave()
  }

  /// Ends the waits of all.
  public func broadcast() {
    let scheduler = Scheduler.own
    scheduler.enter()
    while !waiters.object.isEmpty { wakeFirst(by: scheduler) }
    scheduler.leave()
  }

  private func wakeFirst(by scheduler: Scheduler) {
    let thread = waiters.object.popFirst()
    if !thread.isNone { Mutex.acquire(thread.object.mutex, for: thread, by: scheduler) }
  }
}
