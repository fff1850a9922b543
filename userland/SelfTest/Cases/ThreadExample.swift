internal import LibVesper
internal import Threads

/// A thread asks a server, and two add up what it is told.
struct ThreadExample {
  /// Memory that they share: the sum, the server, and what they wait in.
  let memory: UInt64
  var mutex: Mutex { Mutex(existingAt: memory + 64) }
  var channel: Channel { Channel(existingAt: memory + 128) }
  var server: EndpointCapability { EndpointCapability(CapabilityPointer(Memory.read(memory + 8))) }

  /// Bytes for the stack of each, behind a page that they share.
  static let stackSize: UInt64 = 16384

  /// - Returns: the sum; nil if something went wrong in a thread.
  func run(_ resources: ThreadResources, _ carrier: Carrier, asking server: EndpointCapability)
    throws(Refusal) -> UInt64?
  {
    Memory.write(0, at: memory)
    Memory.write(server.word, at: memory + 8)
    _ = Mutex(at: memory + 64)
    _ = Channel(at: memory + 128, capacity: 4)
    // From here on this is the main thread.
    try Threads.start(resources)
    try Threads.add(carrier)
    let asker = thread(0) { ThreadExample(memory: $0).ask() ? 0 : 1 }
    let adders = InlineArray<2, Thread> { index in
      thread(1 + UInt64(index)) { ThreadExample(memory: $0).add() ? 0 : 1 }
    }
    let failures = try? asker.join() + adders[0].join() + adders[1].join()
    try Threads.stop()
    return failures == 0 ? Memory.read(memory) : nil
  }

  private func thread(_ number: UInt64, _ body: ThreadBody) -> Thread {
    Thread.create(
      stack: memory + 4096 + number * Self.stackSize, size: Self.stackSize, argument: memory, body)
  }

  private func ask() -> Bool {
    for number in 0..<UInt64(10) {
      // The adders go on while the server takes its time.
      guard let answer = try? Threads.call(server, Message(label: 1, words: [number])),
        (try? channel.send(answer.message.words[0])) != nil
      else { return false }
    }
    return true
  }

  private func add() -> Bool {
    for _ in 0..<5 {
      guard let word = try? channel.receive(), (try? mutex.lock()) != nil else { return false }
      Memory.write(Memory.read(memory) + word, at: memory)
      mutex.unlock()
    }
    return true
  }
}
