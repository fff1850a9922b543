struct MutexRecord {
  var waiters = WaitQueue()
  var owner = Pointer<ThreadRecord>.none
}

/// Held by one thread at a time; whoever waited longest has it next.
public struct Mutex {
  let record: Pointer<MutexRecord>

  /// Bytes of memory that one takes.
  public static var size: UInt64 { UInt64(MemoryLayout<MutexRecord>.stride) }

  /// Makes one that nobody holds.
  ///
  /// - Parameter address: a multiple of 8.
  public init(at address: UInt64) {
    record = Pointer(address)
    record.object = MutexRecord()
  }

  /// The one that was made there.
  public init(existingAt address: UInt64) { record = Pointer(address) }

  public func lock() throws(Deadlock) {
    let scheduler = Scheduler.own
    scheduler.enter()
    defer { scheduler.leave() }
    guard !record.object.owner.isNone else { return record.object.owner = scheduler.current }
    try scheduler.wait(in: record.part(at: 0))
  }

  public func unlock() {
    let scheduler = Scheduler.own
    scheduler.enter()
    Self.release(record, by: scheduler)
    scheduler.leave()
  }

  static func release(_ mutex: Pointer<MutexRecord>, by scheduler: Scheduler) {
    precondition(mutex.object.owner == scheduler.current)
    let next = mutex.object.waiters.popFirst()
    mutex.object.owner = next
    if !next.isNone { scheduler.makeReady(next) }
  }

  /// Gives it to a thread that does not run, now or when its turn comes.
  static func acquire(
    _ mutex: Pointer<MutexRecord>, for thread: Pointer<ThreadRecord>, by scheduler: Scheduler
  ) {
    guard mutex.object.owner.isNone else {
      thread.object.waitsIn = mutex.part(at: 0)
      return mutex.object.waiters.append(thread)
    }
    mutex.object.owner = thread
    scheduler.makeReady(thread)
  }
}
