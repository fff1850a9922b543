internal import KernelObjects
internal import LibVesper
internal import Threads

// Threads on activations.
extension SelfTest {
  mutating func threadPreemptions() {
    test("threads: one that never gives way does not stop the others") { t throws(Refusal) in
      try t.withThreads(isPreemptive: true) { t, room throws(Refusal) in
        let spinners = InlineArray<3, Thread> { index in
          room.thread(UInt64(index), room.shared) { shared in
            var rounds: UInt64 = 0
            while Memory.read(shared) == 0 { rounds += 1 }
            return rounds
          }
        }
        // The last one to begin lets all end.
        let last = room.thread(3, room.shared) { shared in
          Memory.write(1, at: shared)
          return 0
        }
        t.equal(t.join(last), 0)
        for index in 0..<3 { t.holds(t.join(spinners[index]) > 0, "it did not run") }
      }
    }
    test("threads: a mutex keeps a count exact, wherever its holders are preempted") { t throws(Refusal) in
      try t.withThreads(isPreemptive: true) { t, room throws(Refusal) in
        t.equal(try t.countTogether(room) { _ in } ?? 0, 400)
      }
    }
    test("threads: without the mutex some of the count is lost, so that the case before can fail") {
      t throws(Refusal) in
      try t.withThreads(isPreemptive: true) { t, room throws(Refusal) in
        t.holds(try t.countTogether(room) { $0.ignoresMutex = 1 } ?? 0 < 400)
      }
    }
  }

  mutating func threadCallsAmidPreemption() {
    test("threads: a call is answered while another thread never gives way") { t throws(Refusal) in
      try t.withThreads(isPreemptive: true) { t, room throws(Refusal) in
        let endpoint = try t.endpoint()
        let allow = try t.notification()
        _ = try t.startedHelper(
          0,
          [
            HelperStep(Request(.receive, on: endpoint.pointer)),
            HelperStep(Request(.receive, on: allow.pointer)),
            HelperStep(Request(.reply, Message(label: 9))),
          ])
        try room.addCarriers(&t, from: 1)
        Memory.write(endpoint.word, at: room.shared + 8)
        Memory.write(try t.badged(allow.pointer, 1).rawValue, at: room.shared + 16)
        let spinner = room.thread(1, room.shared) { shared in
          var rounds: UInt64 = 0
          while Memory.read(shared) == 0 {
            rounds += 1
            if rounds == 1000 {
              let allow = NotificationCapability(CapabilityPointer(Memory.read(shared + 16)))
              _ = try? allow.signal()
            }
          }
          return rounds
        }
        let caller = room.thread(0, room.shared) { shared in
          let endpoint = EndpointCapability(CapabilityPointer(Memory.read(shared + 8)))
          let answer = try? Threads.call(endpoint, Message(label: 3))
          Memory.write(1, at: shared)
          return answer?.message.label ?? 0
        }
        t.equal(t.join(caller), 9)
        t.holds(t.join(spinner) >= 1000)
      }
    }
  }

  mutating func threadExample() {
    test("threads: the example of the manual adds up what a server tells") { t throws(Refusal) in
      let server = try t.endpoint()
      _ = try t.startedHelper(0, [HelperStep(.serveForever, server.word)])
      let segment = try t.attachedSegment()
      let frame = try t.frame()
      try segment.map(frame, at: 0, rights: .readWrite)
      for page in 1..<UInt64(15) { try segment.map(try t.frame(), at: page, rights: .readWrite) }
      let page = try segment.address()
      let notification = try t.notification()
      let domain = DomainCapability(try t.make(.domain))
      try domain.configure(
        cnode: t.cnode, protectionDomain: t.laboratory.protectionDomain, faultEndpoint: nil)
      try t.laboratory.helperTimes[1].bind(to: domain)
      let carrier = Carrier(
        record: page + 4096, domain: domain,
        wake: NotificationCapability(try t.badged(try t.notification().pointer, 1)),
        told: NotificationCapability(try t.badged(notification.pointer, 1)))
      let resources = ThreadResources(
        page: page, domain: t.laboratory.domain, notification: notification, endpoint: try t.endpoint(),
        frame: frame)
      let example = ThreadExample(memory: page + 2 * 4096)
      t.equal(try example.run(resources, carrier, asking: server) ?? 0, 3 * 45)
    }
  }

  mutating func threadWaitsAmidPreemption() {
    test("threads: all kinds of waits work while everybody is preempted") { t throws(Refusal) in
      try t.withThreads(isPreemptive: true) { t, room throws(Refusal) in
        _ = ThreadTools(room.shared, capacity: 2)
        let producers = InlineArray<3, Thread> { index in
          room.thread(UInt64(index), room.shared) { shared in
            let tools = ThreadTools(existing: shared)
            for word in 0..<UInt64(100) {
              if word % 16 == 0 { Processor.yield() }
              if (try? tools.channel.send(word)) == nil { return 1 }
              if word % 32 == 0 { Threads.sleep(until: Processor.time + 1000) }
            }
            return 0
          }
        }
        var sum: UInt64 = 0
        for number in 0..<UInt64(300) {
          if number % 16 == 0 { Processor.yield() }
          sum += (try? ThreadTools(existing: room.shared).channel.receive()) ?? 10_000
        }
        t.equal(sum, 3 * 4950)
        for index in 0..<3 { t.equal(t.join(producers[index]), 0) }
      }
    }
  }
}

extension Trial {
  /// What eight threads counted that each count to 50, and end the domain's slice in the middle of some steps.
  fileprivate mutating func countTogether(_ room: ThreadRoom, _ prepare: (ThreadTools) -> Void)
    throws(Refusal)
    -> UInt64?
  {
    let tools = ThreadTools(room.shared)
    tools.ignoresMutex = 0
    prepare(tools)
    let threads = InlineArray<8, Thread> { index in
      room.thread(UInt64(index), room.shared) { shared in
        let tools = ThreadTools(existing: shared)
        let ignoresMutex = tools.ignoresMutex != 0
        for step in 0..<UInt64(50) {
          if !ignoresMutex && (try? tools.mutex.lock()) == nil { return 1 }
          let seen = tools.count
          // The next slice begins with another thread.
          if step % 8 == 0 { Processor.yield() }
          tools.count = seen + 1
          if !ignoresMutex { tools.mutex.unlock() }
        }
        return 0
      }
    }
    for index in 0..<8 { if join(threads[index]) != 0 { return nil } }
    return tools.count
  }
}
