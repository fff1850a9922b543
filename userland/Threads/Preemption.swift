internal import KernelObjects
internal import LibVesper
internal import ThreadSwitch

// A thread is preempted where a slice of its domain begins, if another is ready, and by a signal that another waits for,
// unless it has entered the library.
extension Scheduler {
  private var block: Pointer<ControlBlock> { Pointer(page) }

  /// What was interrupted, in the control block's page.
  fileprivate var context: Pointer<SavedContext> { block.part(at: MemoryLayout<ControlBlock>.stride) }

  /// The control block as it is to be before the kernel sees it.
  func prepareActivations() {
    block.object.isOn = 0
    // There can be signals from before.
    isPending = true
    block.object.entry = vesper_threads_activation_address()
    block.object.stack = page &+ 1 << AddressSpace.pageBits
    block.object.flags = 0
    block.object.saveIndex = 0
  }

  /// Signals came while somebody had entered.
  func takePending() {
    repeat {
      enter()
      if pollPending() { giveWay() } else { refresh() }
      vesper_threads_store(1, page &+ ControlBlock.Word.isOn.offset)
    } while isPending
  }
}

/// Saves what the activation interrupted below its stack pointer.
@c(vesper_threads_save)
func saveInterrupted() -> UInt64 {
  let context = Scheduler.own.context
  let stride = UInt64(MemoryLayout<SavedContext>.stride)
  let place = Pointer<SavedContext>((context.object.registers.sp &- stride) & ~15)
  place.object = context.object
  return place.address
}

/// Returns when the thread whose stack this is on is to go on.
@c(vesper_threads_preempted)
func preempted(_ reason: UInt64, _ events: UInt64) {
  let scheduler = Scheduler.own
  let isAwaited = scheduler.keep(events)
  if isAwaited || ActivationReason(rawValue: reason).contains(.sliceBegan) {
    scheduler.giveWay()
  } else {
    scheduler.refresh()
  }
}

@c(vesper_threads_restore)
func restoreInterrupted(_ saved: UInt64) {
  Scheduler.own.context.object = Pointer<SavedContext>(saved).object
}
