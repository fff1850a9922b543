internal import KernelObjects
internal import LibVesper
internal import Pager

/// A pager in a domain of its own, with what it needs and no more.
extension SelfTest {
  mutating func pagerCases() {
    servingPages()
    takingPagesBack()
    keepingToThemselves()
  }

  private mutating func servingPages() {
    test("a pager serves a sparse array of 64 MiB out of 24 frames") { t throws(Refusal) in
      let array = try PagedArray(&t)
      let client = try array.client(&t, [array.step(.fillSparse), array.step(.checkSparse)])
      array.run(client)
      t.equal(client.answer(0).words[0], SparseArray.pagesTouched)
      t.holds(client.isDone)
      t.equal(client.answer(1).words[0], 0, "words that are not what was written")
      let statistics = try array.statistics()
      t.holds(statistics.resident <= PagedArray.frameCount)
      // Each page was given for filling and again for checking, since there are many more of them than frames.
      t.holds(statistics.given >= 2 * SparseArray.pagesTouched)
      t.holds(statistics.saved >= SparseArray.pagesTouched - PagedArray.frameCount)
    }
    test("a pager does not serve a fault outside of its array, and serves on") { t throws(Refusal) in
      let array = try PagedArray(&t)
      let client = try array.client(&t, [HelperStep(.load, array.base + PagedArray.size)])
      t.settle()
      t.equal(client.finished, 0)
      t.equal(try array.statistics().given, 0)
      client.prepare([array.step(.checkUntouched)], domain: client.domain.word)
      try client.start()
      array.run(client)
      t.holds(client.isDone)
    }
    test("a pager does not serve a jump into its array") { t throws(Refusal) in
      let array = try PagedArray(&t)
      let client = try array.client(&t, [HelperStep(.execute, array.base)])
      t.settle()
      t.equal(client.finished, 0)
      t.equal(try array.statistics().given, 0)
    }
  }

  private mutating func takingPagesBack() {
    test("a pager takes all pages back, and its client finds them as they were") { t throws(Refusal) in
      let array = try PagedArray(&t)
      let client = try array.client(&t, [array.step(.fillSparse)])
      array.run(client)
      t.equal(try array.statistics().resident, 24)
      t.equal(try array.takeBack(10).resident, 14)
      t.equal(try array.takeBack(.max).resident, 0)
      client.prepare([array.step(.checkSparse)], domain: client.domain.word)
      try client.start()
      array.run(client)
      t.holds(client.isDone)
      t.equal(client.answer(0).words[0], 0, "words that are not what was written")
    }
    test("a page that is only read is zero, and not saved") { t throws(Refusal) in
      let array = try PagedArray(&t)
      let client = try array.client(&t, [array.step(.checkUntouched)])
      array.run(client)
      t.holds(client.isDone)
      t.equal(client.answer(0).words[0], 0, "words that are not zero")
      let statistics = try array.takeBack(24)
      t.equal(statistics.saved, 0)
      t.equal(statistics.taken, statistics.given)
    }
    test("pages are taken back again and again while their client uses them") { t throws(Refusal) in
      let array = try PagedArray(&t)
      let client = try array.client(&t, [array.step(.fillSparse), array.step(.checkSparse)])
      while !client.isDone {
        let before = try array.statistics().given
        // The client runs in its own slot meanwhile.
        Processor.yield()
        if try array.takeBack(7).given == before && !client.isDone { Processor.yield() }
      }
      t.equal(client.answer(0).words[0], SparseArray.pagesTouched)
      t.equal(client.answer(1).words[0], 0, "words that are not what was written")
    }
  }

  private mutating func keepingToThemselves() {
    test("a pager has what it needs, and nothing else") { t throws(Refusal) in
      let array = try PagedArray(&t)
      var count: UInt64 = 0
      for index in 0..<UInt64(128) where t.isFilled(index, of: array.pagerNode) { count += 1 }
      t.equal(count, PagedArray.pagerCapabilities)
    }
    test("the array of a pager's clients is not in its own address space") { t throws(Refusal) in
      let array = try PagedArray(&t)
      let client = try array.client(&t, [HelperStep(.store, array.base, 0x5ec7)])
      array.run(client)
      t.holds(client.isDone)
      try array.pager.domain.suspend()
      let (handler, badged) = try t.faultEndpoint()
      let spy = try t.helper(
        1, in: array.pagerSpace, faultEndpoint: badged, [HelperStep(.load, array.base)])
      try spy.start()
      let fault = try t.nextFault(handler)
      t.equal(fault.address, array.base)
      t.equal(fault.status, Fault.translation)
    }
    test("a client whose pager is destroyed waits for nothing, and another pager would serve it") {
      t throws(Refusal) in
      let array = try PagedArray(&t)
      try t.cnode.delete(array.pager.domain.word)
      let client = try array.client(&t, [HelperStep(.load, array.base)])
      t.settle()
      t.equal(client.finished, 0)
      let (handler, badged) = try t.faultEndpoint()
      try client.domain.suspend()
      try client.domain.configure(
        cnode: t.cnode, protectionDomain: array.clientProtectionDomain, faultEndpoint: badged)
      try client.domain.resume()
      t.equal(try t.nextFault(handler).address, array.base)
    }
  }
}
