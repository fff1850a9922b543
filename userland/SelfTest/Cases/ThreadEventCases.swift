internal import Devices
internal import KernelObjects
internal import LibVesper
internal import Threads

// Threads that wait for signals of the bound notification.
extension SelfTest {
  mutating func threadEvents() {
    test("threads: one waits for signals while others go on, and takes what it asked for") {
      t throws(Refusal) in
      try t.withThreads { t, room throws(Refusal) in
        let waiter = room.waiter(0, for: 0x10)
        for _ in 0..<100 { Threads.yield() }
        try t.signal(room, 0x28)
        for _ in 0..<100 { Threads.yield() }
        t.equal(room.taken(0), 0, "it asked for another bit")
        try t.signal(room, 0x50)
        t.equal(t.join(waiter), 0x10)
        // Each is kept until somebody takes it, and then is gone.
        t.equal(Threads.waitForEvents(0x48), 0x48)
        try t.signal(room, 0x80)
        t.equal(Threads.waitForEvents(0xf8), 0xa0)
      }
    }
    test("threads: of two who wait for a signal it is for who waits longest") { t throws(Refusal) in
      try t.withThreads { t, room throws(Refusal) in
        let waiters = InlineArray<3, Thread> { room.waiter(UInt64($0), for: $0 == 1 ? 4 : 2) }
        Threads.yield()
        try t.signal(room, 2)
        t.equal(t.join(waiters[0]), 2)
        try t.signal(room, 6)
        t.equal(t.join(waiters[1]), 4)
        t.equal(t.join(waiters[2]), 2)
      }
    }
    test("threads: a domain of which all threads wait for signals is not deadlocked") { t throws(Refusal) in
      try t.withThreads { t, room throws(Refusal) in
        let signal = try t.badged(room.notification.pointer, 8)
        _ = try t.helper(0, [HelperStep(Request(.yield)), HelperStep(Request(.send, on: signal))]).start()
        t.equal(t.join(room.waiter(0, for: 8)), 8)
      }
    }
    test("threads: signals from before the threads began are kept") { t throws(Refusal) in
      try t.withThreads(isPreemptive: true, signalledBefore: 8) { t, room throws(Refusal) in
        t.equal(Threads.waitForEvents(.max), 8)
      }
    }
  }

  mutating func threadEventsAmidCalls() {
    test("threads: a signal that ends a carrier's loan is kept") { t throws(Refusal) in
      try t.withThreads { t, room throws(Refusal) in
        let endpoint = try t.endpoint()
        _ = try t.startedHelper(0, [HelperStep(.serveForever, endpoint.word)])
        try room.addCarriers(&t, from: 1)
        try t.signal(room, 0x10)
        t.equal(try Threads.call(endpoint, Message(label: 3)).message.label, 4)
        t.equal(Threads.waitForEvents(0x10), 0x10)
      }
    }
    test("threads: a signal is taken while another thread waits for an answer") { t throws(Refusal) in
      try t.withThreads { t, room throws(Refusal) in
        let endpoint = try t.endpoint()
        let signal = try t.badged(room.notification.pointer, 0x10)
        _ = try t.startedHelper(
          0,
          [
            HelperStep(Request(.receive, on: endpoint.pointer)), HelperStep(Request(.send, on: signal)),
            HelperStep(Request(.yield)), HelperStep(Request(.reply, Message(label: 9))),
          ])
        try room.addCarriers(&t, from: 1)
        Memory.write(endpoint.word, at: room.shared)
        let caller = room.thread(0, room.shared) { shared in
          let endpoint = EndpointCapability(CapabilityPointer(Memory.read(shared)))
          return (try? Threads.call(endpoint, Message(label: 3)))?.message.label ?? 0
        }
        t.equal(Threads.waitForEvents(0x10), 0x10)
        t.equal(t.join(caller), 9)
      }
    }
  }

  mutating func threadInterrupts() {
    test("threads: an interrupt lets its driver's thread run at once, whoever else never gives way") {
      t throws(Refusal) in
      try t.withThreads(isPreemptive: true) { t, room throws(Refusal) in
        let line = try InputLine(&t, .level, badge: 2, at: room.notification)
        let share = InterruptShare(address: room.shared)
        share.registers = line.registers
        share.handler = line.handler.word
        let driver = room.thread(0, room.shared) { InterruptShare(address: $0).drive(times: 20) }
        let raiser = room.thread(1, room.shared) { InterruptShare(address: $0).raise(times: 20) }
        let spinner = room.thread(2, room.shared) { shared in
          while InterruptShare(address: shared).count < 20 {}
          return 0
        }
        t.equal(t.join(driver), 40)
        t.equal(t.join(raiser), 0, "the interrupted thread went on before the driver")
        t.equal(t.join(spinner), 0)
        line.lower()
      }
    }
  }
}

/// What a driver's thread and one that makes interrupts share, in memory.
private struct InterruptShare {
  let address: UInt64

  /// Interrupts that were served.
  var count: UInt64 {
    get { Memory.read(address) }
    nonmutating set { Memory.write(newValue, at: address) }
  }
  var registers: UInt64 {
    get { Memory.read(address + 8) }
    nonmutating set { Memory.write(newValue, at: address + 8) }
  }
  var handler: UInt64 {
    get { Memory.read(address + 16) }
    nonmutating set { Memory.write(newValue, at: address + 16) }
  }

  private var device: GeneralPurposeIO { GeneralPurposeIO(base: registers) }

  /// - Returns: the sum of the bits that came; 0 if something was refused.
  func drive(times: UInt64) -> UInt64 {
    var sum: UInt64 = 0
    for _ in 0..<times {
      sum += Threads.waitForEvents(2)
      device.disableInterrupts()
      guard (try? IRQHandlerCapability(CapabilityPointer(handler)).acknowledge()) != nil else { return 0 }
      count += 1
    }
    return sum
  }

  /// - Returns: how often the interrupt was not served before this went on.
  func raise(times: UInt64) -> UInt64 {
    var late: UInt64 = 0
    for time in 0..<times {
      device.interruptWhileLow(1)
      if count != time + 1 { late += 1 }
      while count != time + 1 {}
    }
    return late
  }
}

extension ThreadRoom {
  /// A thread that waits for some bits and returns what it took.
  fileprivate func waiter(_ number: UInt64, for mask: UInt64) -> Thread {
    let place = shared + number * 16
    Memory.write(mask, at: place)
    Memory.write(0, at: place + 8)
    return thread(number, place) { place in
      let taken = Threads.waitForEvents(Memory.read(place))
      Memory.write(taken, at: place + 8)
      return taken
    }
  }

  fileprivate func taken(_ number: UInt64) -> UInt64 { Memory.read(shared + number * 16 + 8) }
}

extension Trial {
  fileprivate mutating func signal(_ room: ThreadRoom, _ badge: UInt64) throws(Refusal) {
    try NotificationCapability(try badged(room.notification.pointer, badge)).signal()
  }
}
