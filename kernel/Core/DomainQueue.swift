import KernelObjects

/// A queue of Domains threaded through the Domains themselves; head and tail live in the object waited on.
struct DomainQueue {
  var head: UInt64
  var tail: UInt64

  var isEmpty: Bool { head == 0 }

  @inline(__always)
  mutating func append(_ domain: Reference<Domain>) {
    domain.object.queueNext = 0
    domain.object.queuePrevious = tail
    if tail == 0 {
      head = domain.address
    } else {
      Reference<Domain>(tail).object.queueNext = domain.address
    }
    tail = domain.address
  }

  /// The queue is not empty.
  @inline(__always)
  mutating func removeFirst() -> Reference<Domain> {
    let first = Reference<Domain>(head)
    head = first.object.queueNext
    if head == 0 { tail = 0 } else { Reference<Domain>(head).object.queuePrevious = 0 }
    first.object.queueNext = 0
    return first
  }

  mutating func remove(_ domain: Reference<Domain>) {
    let next = domain.object.queueNext
    let previous = domain.object.queuePrevious
    if previous == 0 { head = next } else { Reference<Domain>(previous).object.queueNext = next }
    if next == 0 { tail = previous } else { Reference<Domain>(next).object.queuePrevious = previous }
    domain.object.queueNext = 0
    domain.object.queuePrevious = 0
  }
}

extension Reference<Endpoint> {
  var senders: DomainQueue {
    get { DomainQueue(head: object.sendHead, tail: object.sendTail) }
    nonmutating set {
      object.sendHead = newValue.head
      object.sendTail = newValue.tail
    }
  }

  var receivers: DomainQueue {
    get { DomainQueue(head: object.receiveHead, tail: object.receiveTail) }
    nonmutating set {
      object.receiveHead = newValue.head
      object.receiveTail = newValue.tail
    }
  }
}

extension Reference<Notification> {
  var waiters: DomainQueue {
    get { DomainQueue(head: object.waitHead, tail: object.waitTail) }
    nonmutating set {
      object.waitHead = newValue.head
      object.waitTail = newValue.tail
    }
  }
}
