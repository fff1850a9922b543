internal import KernelObjects
internal import LibVesper
internal import Threads

// Calls whose carrier is destroyed.
extension SelfTest {
  mutating func threadLosses() {
    test("threads: a call whose carrier is destroyed by the domain itself ends") { t throws(Refusal) in
      try t.withThreads { t, room throws(Refusal) in
        let carriers = try room.addCarriers(&t, from: 1)
        let caller = try t.unansweredCaller(room)
        // It had the carrier that was added last.
        try t.cnode.delete(carriers[1].word)
        t.equal(t.join(caller), Status.cancelled.rawValue)
        // The other carrier is still there.
        let endpoint = try t.endpoint()
        _ = try t.startedHelper(3, [HelperStep(.serveForever, endpoint.word)])
        t.equal(try Threads.call(endpoint, Message(label: 3)).message.label, 4)
      }
    }
    test("threads: it ends too while others only give way to each other") { t throws(Refusal) in
      try t.withThreads { t, room throws(Refusal) in
        let carriers = try room.addCarriers(&t, from: 1)
        let caller = try t.unansweredCaller(room)
        let other = room.thread(1, room.shared) { shared in
          while Memory.read(shared + 8) == 0 { Threads.yield() }
          return 0
        }
        try t.cnode.delete(carriers[1].word)
        t.equal(t.join(other), 0)
        t.equal(t.join(caller), Status.cancelled.rawValue)
      }
    }
    test("threads: it ends too while another never gives way") { t throws(Refusal) in
      try t.withThreads(isPreemptive: true) { t, room throws(Refusal) in
        let carriers = try room.addCarriers(&t, from: 1)
        let caller = try t.unansweredCaller(room)
        let spinner = room.thread(1, room.shared) { shared in
          while Memory.read(shared + 8) == 0 {}
          return 0
        }
        try t.cnode.delete(carriers[1].word)
        t.equal(t.join(spinner), 0)
        t.equal(t.join(caller), Status.cancelled.rawValue)
      }
    }
  }

  mutating func threadLossesElsewhere() {
    test("threads: a call whose carrier another domain destroys ends with a signal") { t throws(Refusal) in
      try t.withThreads { t, room throws(Refusal) in
        let carriers = try room.addCarriers(&t, from: 1)
        let go = try t.notification()
        let delete = Message(label: Invocation.cnodeDelete.rawValue, words: [carriers[1].word])
        let tell = try t.badged(room.notification.pointer, 0x20)
        _ = try t.startedHelper(
          3,
          [
            HelperStep(Request(.receive, on: go.pointer)),
            HelperStep(Request(.call, on: t.cnode.pointer, delete)),
            HelperStep(Request(.yield)), HelperStep(Request(.send, on: tell)),
          ])
        let caller = try t.unansweredCaller(room)
        try NotificationCapability(try t.badged(go.pointer, 1)).signal()
        t.equal(t.join(caller), Status.cancelled.rawValue)
        t.equal(Threads.waitForEvents(0x20), 0x20)
      }
    }
    test("threads: calls that wait for a carrier end with the last one") { t throws(Refusal) in
      try t.withThreads { t, room throws(Refusal) in
        let carriers = try room.addCarriers(&t, from: 1)
        let callers = InlineArray<4, Thread> { room.caller(UInt64($0)) }
        try t.startUnanswering(room)
        for _ in 0..<10 { Threads.yield() }
        for index in 0..<2 { try t.cnode.delete(carriers[index].word) }
        var seen: UInt64 = 0
        for index in 0..<4 { seen += 1 << (8 * t.join(callers[index])) }
        let expected: UInt64 = 2 << (8 * Status.cancelled.rawValue) + 2 << (8 * Status.notConfigured.rawValue)
        t.equal(seen, expected)
      }
    }
    test("threads: a carrier that was destroyed before it is used costs the call") { t throws(Refusal) in
      try t.withThreads { t, room throws(Refusal) in
        let carriers = try room.addCarriers(&t, from: 1)
        try t.cnode.delete(carriers[1].word)
        try t.startUnanswering(room)
        t.equal(t.join(room.caller(0)), Status.cancelled.rawValue)
      }
    }
  }
}

extension ThreadRoom {
  /// A thread that calls the endpoint that `shared` names, and returns the status of that.
  fileprivate func caller(_ number: UInt64) -> Thread {
    thread(number, shared) { shared in
      var status: UInt64 = 0
      do throws(Refusal) {
        _ = try Threads.call(EndpointCapability(CapabilityPointer(Memory.read(shared))), Message(label: 3))
      } catch {
        status = error.rawStatus
      }
      Memory.write(1, at: shared + 8)
      return status
    }
  }
}

extension Trial {
  /// A server that takes a call and does not answer.
  fileprivate mutating func startUnanswering(_ room: ThreadRoom) throws(Refusal) {
    let endpoint = try endpoint()
    let never = try notification()
    Memory.write(endpoint.word, at: room.shared)
    Memory.write(0, at: room.shared + 8)
    _ = try startedHelper(
      0,
      [HelperStep(Request(.receive, on: endpoint.pointer)), HelperStep(Request(.receive, on: never.pointer))])
  }

  /// A thread whose call is outstanding.
  fileprivate mutating func unansweredCaller(_ room: ThreadRoom) throws(Refusal) -> Thread {
    try startUnanswering(room)
    let caller = room.caller(0)
    for _ in 0..<10 { Threads.yield() }
    equal(Memory.read(room.shared + 8), 0, "the call is outstanding")
    return caller
  }
}
