internal import KernelObjects
internal import LibVesper
internal import Threads

// Calls of threads, and what threads cost.
extension SelfTest {
  mutating func threadCalls() {
    test("threads: a call is answered, and a refusal is told") { t throws(Refusal) in
      try t.withThreads { t, room throws(Refusal) in
        let endpoint = try t.endpoint()
        _ = try t.startedHelper(0, [HelperStep(.serveForever, endpoint.word)])
        try room.addCarriers(&t, from: 1)
        for round in 0..<UInt64(20) {
          let request = Message(label: 7, words: [round, 2, 3])
          let answer = try Threads.call(endpoint, request)
          t.equal(answer.message.label, 8)
          t.equal(answer.message.words[0], serviceAnswer(to: request).words[0])
          t.equal(answer.message.length, 3)
        }
        var status: UInt64 = 0
        do throws(Refusal) {
          _ = try Threads.call(EndpointCapability(.none), Message(label: 7))
        } catch {
          status = error.rawStatus
        }
        t.equal(status, Status.invalidCapability.rawValue)
      }
    }
    test("threads: while one calls a slow server the others go on") { t throws(Refusal) in
      try t.withThreads { t, room throws(Refusal) in
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
        Memory.write(endpoint.word, at: room.shared)
        let caller = room.thread(0, room.shared) { shared in
          let endpoint = EndpointCapability(CapabilityPointer(Memory.read(shared)))
          let answer = try? Threads.call(endpoint, Message(label: 3))
          Memory.write(1, at: shared + 8)
          return answer?.message.label ?? 0
        }
        for _ in 0..<100 { Threads.yield() }
        t.equal(Memory.read(room.shared + 8), 0, "nobody let the server answer")
        try allow.signal()
        t.equal(t.join(caller), 9)
      }
    }
  }

  mutating func threadCarriers() {
    test("threads: more calls than carriers wait for one") { t throws(Refusal) in
      try t.withThreads { t, room throws(Refusal) in
        let endpoint = try t.endpoint()
        try room.addCarriers(&t, from: 1)
        Memory.write(endpoint.word, at: room.shared)
        let callers = InlineArray<6, Thread> { index in
          room.thread(UInt64(index), room.shared + UInt64(index) << 48) { argument in
            let endpoint = EndpointCapability(CapabilityPointer(Memory.read(argument & 0xffff_ffff_ffff)))
            let answer = try? Threads.call(endpoint, Message(label: 3, words: [argument >> 48]))
            return answer?.message.words[0] ?? 0
          }
        }
        for _ in 0..<10 { Threads.yield() }
        // Nobody serves yet.
        _ = try t.startedHelper(0, [HelperStep(.serveForever, endpoint.word)])
        for index in 0..<6 { t.equal(t.join(callers[index]), UInt64(index) * 3) }
      }
    }
    test("threads: a domain without carriers is told that it cannot call") { t throws(Refusal) in
      try t.withThreads { t, room throws(Refusal) in
        let endpoint = try t.endpoint()
        var status: Status?
        do throws(Refusal) {
          _ = try Threads.call(endpoint, Message(label: 3))
        } catch {
          status = error.status
        }
        t.holds(status == .notConfigured)
      }
    }
  }

  mutating func threadCosts() {
    var notes = ThreadCosts()
    test("threads: a call by a carrier takes less than five calls") { t throws(Refusal) in
      guard Work.isCounted else { return }
      try t.withThreads { t, room throws(Refusal) in
        let endpoint = try t.endpoint()
        _ = try t.startedHelper(0, [HelperStep(.serveForever, endpoint.word)])
        try room.addCarriers(&t, from: 1)
        let other = room.thread(0, room.shared) { shared in
          while Memory.read(shared) == 0 { Threads.yield() }
          return 0
        }
        Threads.yield()
        notes.twoSwitches = try instructions { () throws(Refusal) in Threads.yield() }
        Memory.write(1, at: room.shared)
        t.equal(t.join(other), 0)
        notes.carriedCall = try instructions { () throws(Refusal) in
          _ = try Threads.call(endpoint, Message(label: 3))
        }
        notes.plainCall = try instructions { () throws(Refusal) in
          _ = try endpoint.call(Message(label: 3))
        }
        t.holds(notes.twoSwitches < 200 && notes.carriedCall < 5 * notes.plainCall)
      }
    }
    report.note("two thread switches: \(notes.twoSwitches) instructions")
    report.note("call and answer: \(notes.plainCall), by a carrier: \(notes.carriedCall)")
  }
}

/// In instructions.
private struct ThreadCosts {
  var twoSwitches: UInt64 = 0
  var plainCall: UInt64 = 0
  var carriedCall: UInt64 = 0
}

/// What `body` takes, by a timer that counts instructions.
private func instructions(_ body: () throws(Refusal) -> Void) throws(Refusal) -> UInt64 {
  try body()
  // In one slice.
  Processor.yield()
  let start = Processor.time
  for _ in 0..<100 { try body() }
  return (Processor.time - start) * (1_000_000_000 / Processor.timeFrequency) / 100
}
