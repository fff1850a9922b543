struct ChannelRecord {
  /// In the first places, so that they are found.
  var senders = WaitQueue()
  var receivers = WaitQueue()
  let capacity: UInt64
  var first: UInt64 = 0
  var count: UInt64 = 0
}

/// Words on their way from some threads to others, in order.
public struct Channel {
  private let record: Pointer<ChannelRecord>

  private var senders: Pointer<WaitQueue> { record.part(at: 0) }
  private var receivers: Pointer<WaitQueue> { record.part(at: MemoryLayout<WaitQueue>.stride) }

  /// Bytes of memory that one takes.
  public static func size(capacity: UInt64) -> UInt64 {
    UInt64(MemoryLayout<ChannelRecord>.stride) + capacity * 8
  }

  /// - Parameters:
  ///   - address: a multiple of 8.
  ///   - capacity: words that are kept for receivers; with 0, a sender waits until its word was received.
  public init(at address: UInt64, capacity: UInt64) {
    record = Pointer(address)
    record.object = ChannelRecord(capacity: capacity)
  }

  /// The one that was made there.
  public init(existingAt address: UInt64) { record = Pointer(address) }

  /// Waits while the channel is full.
  public func send(_ word: UInt64) throws(Deadlock) {
    let scheduler = Scheduler.own
    scheduler.enter()
    defer { scheduler.leave() }
    let receiver = receivers.object.popFirst()
    if !receiver.isNone {
      receiver.object.word = word
      return scheduler.makeReady(receiver)
    }
    if record.object.count < record.object.capacity { return put(word) }
    scheduler.current.object.word = word
    try scheduler.wait(in: senders)
  }

  /// Waits while the channel is empty.
  public func receive() throws(Deadlock) -> UInt64 {
    let scheduler = Scheduler.own
    scheduler.enter()
    defer { scheduler.leave() }
    let word = record.object.count > 0 ? take() : nil
    let sender = senders.object.popFirst()
    if !sender.isNone {
      scheduler.makeReady(sender)
      guard word != nil else { return sender.object.word }
      put(sender.object.word)
    }
    if let word { return word }
    let thread = scheduler.current
    try scheduler.wait(in: receivers)
    return thread.object.word
  }

  private func place(_ index: UInt64) -> Pointer<UInt64> {
    record.part(at: MemoryLayout<ChannelRecord>.stride + Int(index % record.object.capacity) * 8)
  }

  private func put(_ word: UInt64) {
    place(record.object.first + record.object.count).object = word
    record.object.count += 1
  }

  private func take() -> UInt64 {
    let word = place(record.object.first).object
    record.object.first = (record.object.first + 1) % record.object.capacity
    record.object.count -= 1
    return word
  }
}
