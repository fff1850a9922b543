/// Threads in the order in which they came, linked through their records.
struct WaitQueue {
  private var head = Pointer<ThreadRecord>.none
  private var tail = Pointer<ThreadRecord>.none

  var isEmpty: Bool { head.isNone }

  mutating func append(_ thread: Pointer<ThreadRecord>) {
    thread.object.next = .none
    if head.isNone { head = thread } else { tail.object.next = thread }
    tail = thread
  }

  /// Puts all of another queue, which is not used any more, before these.
  mutating func prepend(_ others: WaitQueue) {
    guard !others.isEmpty else { return }
    others.tail.object.next = head
    if head.isNone { tail = others.tail }
    head = others.head
  }

  /// `none` if nobody waits.
  mutating func popFirst() -> Pointer<ThreadRecord> {
    let first = head
    if !first.isNone { head = first.object.next }
    return first
  }

  mutating func remove(_ thread: Pointer<ThreadRecord>) {
    var before = Pointer<ThreadRecord>.none
    var next = head
    while !next.isNone && next != thread { (before, next) = (next, next.object.next) }
    guard !next.isNone else { return }
    if before.isNone { head = thread.object.next } else { before.object.next = thread.object.next }
    if tail == thread { tail = before }
  }
}
