internal import KernelObjects
internal import LibVesper
internal import ThreadSwitch

/// Which thread of the domain runs. The functions but `enter` are for whoever has entered.
struct Scheduler {
  let page: UInt64

  /// Offset in the page, behind the `ControlBlock` and the only context that is used.
  static var stateOffset: Int {
    MemoryLayout<ControlBlock>.stride + MemoryLayout<SavedContext>.stride
  }
  static var mainOffset: Int { stateOffset + MemoryLayout<ThreadsState>.stride }

  /// The calling domain's.
  static var own: Scheduler {
    @inline(__always) get { Scheduler(page: vesper_threads_page()) }
  }

  var state: Pointer<ThreadsState> {
    @inline(__always) get { Pointer<ThreadsState>(page).part(at: Self.stateOffset) }
  }

  var current: Pointer<ThreadRecord> { state.object.current }

  /// Signals wait in the bound notification.
  var isPending: Bool {
    @inline(__always) get { vesper_threads_load(page &+ ControlBlock.Word.isPending.offset) != 0 }
    nonmutating set { vesper_threads_store(newValue ? 1 : 0, page &+ ControlBlock.Word.isPending.offset) }
  }

  /// From now on the thread is not preempted, until it leaves.
  @inline(__always)
  func enter() { vesper_threads_store(0, page &+ ControlBlock.Word.isOn.offset) }

  @inline(__always)
  func leave() {
    vesper_threads_store(1, page &+ ControlBlock.Word.isOn.offset)
    if isPending { takePending() }
  }
}

extension Scheduler {
  func makeReady(_ thread: Pointer<ThreadRecord>) {
    thread.object.waitsIn = .none
    state.object.ready.append(thread)
  }

  func makeReady(allOf queue: Pointer<WaitQueue>) {
    while !queue.object.isEmpty { makeReady(queue.object.popFirst()) }
  }

  /// The current thread waits until somebody takes it from the queue and makes it ready.
  func wait(in queue: Pointer<WaitQueue>) throws(Deadlock) {
    let thread = current
    thread.object.waitsIn = queue
    queue.object.append(thread)
    switchToNext()
    guard thread.object.isDeadlocked else { return }
    thread.object.isDeadlocked = false
    throw Deadlock()
  }

  /// Lets those that are ready run before the current thread goes on.
  func giveWay() {
    refresh()
    let next = state.object.ready.popFirst()
    guard !next.isNone else { return }
    state.object.ready.append(current)
    leaveCurrent(for: next)
  }

  /// Returns when the current thread, which is in some queue, is chosen again.
  func switchToNext() {
    let next = nextReady()
    if next != current { leaveCurrent(for: next) }
  }

  @inline(__always)
  private func leaveCurrent(for next: Pointer<ThreadRecord>) {
    let thread = current
    state.object.current = next
    let left: Pointer<UInt64> = thread.part(at: 0)
    unsafe vesper_thread_switch(left.pointer, next.object.stackPointer)
  }

  private func nextReady() -> Pointer<ThreadRecord> {
    while true {
      refresh()
      let next = state.object.ready.popFirst()
      if !next.isNone { return next }
      if !state.object.sleepers.isNone {
        // The kernel has no timer for domains: the clock is looked at again in the next slice.
        Processor.yield()
      } else if !state.object.busyCarriers.isNone || !state.object.eventWaiters.isEmpty {
        waitForSignal()
      } else {
        return deadlocked()
      }
    }
  }

  @inline(never)
  private func waitForSignal() {
    if endLostCalls() { return }
    do throws(Refusal) {
      // Only the bound notification's signals end it.
      keep(try state.object.endpoint.receive().badge)
    } catch {
      Processor.yield()
    }
  }

  /// Nobody will ever run again: the main thread, which waits for some other, is told.
  private func deadlocked() -> Pointer<ThreadRecord> {
    let main = state.object.main
    if !main.object.waitsIn.isNone { main.object.waitsIn.object.remove(main) }
    main.object.waitsIn = .none
    main.object.isDeadlocked = true
    return main
  }

  /// Looks for threads whose time has come, whose call has ended, or who wait for what was signalled.
  @inline(__always)
  func refresh() {
    if !state.object.sleepers.isNone { wakeSleepers() }
    if !state.object.busyCarriers.isNone { collectCalls() }
    if !state.object.eventWaiters.isEmpty { pollEvents() }
  }

  @inline(never)
  private func wakeSleepers() {
    let now = Processor.time
    while !state.object.sleepers.isNone && state.object.sleepers.object.wakeTime <= now {
      let thread = state.object.sleepers
      state.object.sleepers = thread.object.next
      makeReady(thread)
    }
  }

  /// The current thread waits until a count of the timer.
  func sleep(until time: UInt64) {
    let thread = current
    thread.object.wakeTime = time
    var before = Pointer<ThreadRecord>.none
    var next = state.object.sleepers
    while !next.isNone && next.object.wakeTime <= time { (before, next) = (next, next.object.next) }
    thread.object.next = next
    if before.isNone { state.object.sleepers = thread } else { before.object.next = thread }
    switchToNext()
  }
}
