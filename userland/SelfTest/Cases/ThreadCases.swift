internal import KernelObjects
internal import LibVesper
internal import Threads

// Threads of the root domain (userland/Threads).
extension SelfTest {
  mutating func threadCases() {
    threadLives()
    threadMutexes()
    threadChannels()
    threadSleeps()
    threadDeadlocks()
    threadCalls()
    threadCarriers()
    threadLosses()
    threadLossesElsewhere()
    threadEvents()
    threadEventsAmidCalls()
    threadInterrupts()
    threadPreemptions()
    threadCallsAmidPreemption()
    threadWaitsAmidPreemption()
    threadExample()
    threadCosts()
  }

  private mutating func threadLives() {
    test("threads: a hundred are made and joined one after another") { t throws(Refusal) in
      try t.withThreads { t, room throws(Refusal) in
        for index in 0..<UInt64(100) {
          t.equal(t.join(room.thread(index % 8, index) { $0 &* 3 }), index * 3)
        }
      }
    }
    test("threads: eight at once take turns") { t throws(Refusal) in
      try t.withThreads { t, room throws(Refusal) in
        let threads = InlineArray<8, Thread> { index in
          room.thread(UInt64(index), room.shared) { shared in
            for turn in 0..<UInt64(10) {
              // Whoever comes to its turn first finds that all others had the turn before.
              if Memory.read(shared) < turn * 8 || Memory.read(shared) >= (turn + 1) * 8 { return 1 }
              Memory.write(Memory.read(shared) + 1, at: shared)
              Threads.yield()
            }
            return 0
          }
        }
        for index in 0..<8 { t.equal(t.join(threads[index]), 0, "out of turn") }
        t.equal(Memory.read(room.shared), 80)
      }
    }
    test("threads: exit ends one in the middle, and all who join hear of it") { t throws(Refusal) in
      try t.withThreads { t, room throws(Refusal) in
        let quitter = room.thread(0, 7) { argument in
          Threads.yield()
          if argument == 7 { Threads.exit(42) }
          return 0
        }
        t.equal(t.join(quitter), 42)
        t.equal(t.join(quitter), 42)
      }
    }
  }

  private mutating func threadMutexes() {
    test("threads: a mutex is held by one at a time, and goes to who waits longest") { t throws(Refusal) in
      try t.withThreads { t, room throws(Refusal) in
        let tools = ThreadTools(room.shared)
        let threads = InlineArray<8, Thread> { index in
          room.thread(UInt64(index), room.shared) { shared in
            let tools = ThreadTools(existing: shared)
            for _ in 0..<50 {
              guard (try? tools.mutex.lock()) != nil else { return 1 }
              let seen = tools.count
              Threads.yield()
              tools.count = seen + 1
              tools.mutex.unlock()
            }
            return 0
          }
        }
        for index in 0..<8 { t.equal(t.join(threads[index]), 0) }
        t.equal(tools.count, 400)
      }
    }
    test("threads: a condition's broadcast wakes all who wait, its signal one") { t throws(Refusal) in
      try t.withThreads { t, room throws(Refusal) in
        let tools = ThreadTools(room.shared)
        let threads = InlineArray<4, Thread> { index in
          room.thread(UInt64(index), room.shared) { shared in
            let tools = ThreadTools(existing: shared)
            guard (try? tools.mutex.lock()) != nil, (try? tools.condition.wait(tools.mutex)) != nil else {
              return 1
            }
            tools.count += 1
            tools.mutex.unlock()
            return 0
          }
        }
        Threads.yield()
        tools.condition.signal()
        for _ in 0..<4 { Threads.yield() }
        t.equal(tools.count, 1)
        tools.condition.broadcast()
        for index in 0..<4 { t.equal(t.join(threads[index]), 0) }
        t.equal(tools.count, 4)
      }
    }
  }

  private mutating func threadChannels() {
    test("threads: a channel brings all words in order, whatever it holds") { t throws(Refusal) in
      try t.withThreads { t, room throws(Refusal) in
        for capacity in 0..<UInt64(4) {
          let tools = ThreadTools(room.shared, capacity: capacity)
          let producer = room.thread(0, room.shared) { shared in
            let tools = ThreadTools(existing: shared)
            for word in 0..<UInt64(100) where (try? tools.channel.send(word)) == nil { return 1 }
            return 0
          }
          for word in 0..<UInt64(100) { t.equal((try? tools.channel.receive()) ?? 999, word) }
          t.equal(t.join(producer), 0)
        }
      }
    }
  }

  private mutating func threadSleeps() {
    test("threads: sleepers wake in the order of their times") { t throws(Refusal) in
      try t.withThreads { t, room throws(Refusal) in
        Memory.write(Processor.time, at: room.shared + 8)
        let threads = InlineArray<4, Thread> { index in
          room.thread(UInt64(index), room.shared + UInt64(index) << 48) { argument in
            let (shared, number) = (argument & 0xffff_ffff_ffff, argument >> 48)
            let time = Memory.read(shared + 8) + (4 - number) * SlotReport.length / 2
            Threads.sleep(until: time)
            Memory.write(Memory.read(shared) << 8 | number, at: shared)
            return Processor.time >= time ? 0 : 1
          }
        }
        for index in 0..<4 { t.equal(t.join(threads[index]), 0, "awake too early") }
        t.equal(Memory.read(room.shared), 0x0302_0100)
      }
    }
  }

  private mutating func threadDeadlocks() {
    test("threads: a deadlock is told to the main thread, which goes on") { t throws(Refusal) in
      try t.withThreads { t, room throws(Refusal) in
        let tools = ThreadTools(room.shared)
        let thread = room.thread(0, room.shared) { shared in
          (try? ThreadTools(existing: shared).channel.receive()) ?? 0
        }
        t.holds((try? thread.join()) == nil, "no deadlock")
        t.holds((try? tools.mutex.lock()) != nil)
        t.holds((try? tools.mutex.lock()) == nil, "no deadlock")
        t.holds((try? tools.channel.send(5)) != nil)
        t.equal(t.join(thread), 5)
      }
    }
  }
}

/// What threads of a case share, in memory: one of each, and a count.
struct ThreadTools {
  let address: UInt64
  let mutex: Mutex
  let condition: Condition
  let channel: Channel

  /// Makes them.
  init(_ address: UInt64, capacity: UInt64 = 1) {
    self.address = address
    mutex = Mutex(at: address + 64)
    condition = Condition(at: address + 128)
    channel = Channel(at: address + 192, capacity: capacity)
    count = 0
  }

  /// Those that were made there.
  init(existing address: UInt64) {
    self.address = address
    mutex = Mutex(existingAt: address + 64)
    condition = Condition(existingAt: address + 128)
    channel = Channel(existingAt: address + 192)
  }

  var count: UInt64 {
    get { Memory.read(address) }
    nonmutating set { Memory.write(newValue, at: address) }
  }

  /// Whether threads are to count without the mutex.
  var ignoresMutex: UInt64 {
    get { Memory.read(address + 8) }
    nonmutating set { Memory.write(newValue, at: address + 8) }
  }
}
