/// A thread: the top of its stack, or for the main thread a place in the domain's page.
struct ThreadRecord {
  /// While it does not run.
  var stackPointer: UInt64 = 0
  /// Behind the first word, so that it is found.
  var joiners = WaitQueue()
  /// In whichever queue it is.
  var next = Pointer<ThreadRecord>.none
  /// What it waits in until somebody makes it ready; `none` if nobody but the clock, a carrier or a signal will.
  var waitsIn = Pointer<WaitQueue>.none
  /// Its wait was ended because nobody would ever have ended it.
  var isDeadlocked = false
  var isFinished = false
  var body: ThreadBody?
  var argument: UInt64 = 0
  var result: UInt64 = 0
  /// A count of the timer.
  var wakeTime: UInt64 = 0
  /// What is handed over: a word by a channel, the address of a carrier by whoever had it before, events; which events it
  /// waits for.
  var word: UInt64 = 0
  /// Which it wants back when its condition is signalled.
  var mutex = Pointer<MutexRecord>.none
}

/// What a thread does: it is given a word and returns one.
public typealias ThreadBody = @convention(c) (UInt64) -> UInt64

/// A wait that nobody would ever have ended: all threads wait for each other.
public struct Deadlock: Error {}
