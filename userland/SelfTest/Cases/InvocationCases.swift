internal import KernelObjects
internal import LibVesper

extension SelfTest {
  mutating func invocationCases() {
    foreignInvocations()
    unknownInvocations()
    yields()
  }

  /// Each object is asked for what only another one does.
  private mutating func foreignInvocations() {
    test("an Untyped refuses what only a CNode does") { t throws(Refusal) in
      t.refusesInvocation(.cnodeDelete, on: t.arena.pointer)
    }
    test("a CNode refuses what only a Domain does") { t throws(Refusal) in
      t.refusesInvocation(.domainSuspend, on: t.cnode.pointer)
    }
    test("a Domain refuses what only a ProtectionDomain does") { t throws(Refusal) in
      t.refusesInvocation(.protectionDomainDetach, on: try t.make(.domain))
    }
    test("a ProtectionDomain refuses what only a Segment does") { t throws(Refusal) in
      t.refusesInvocation(.segmentMap, on: t.laboratory.protectionDomain.pointer)
    }
    test("a PageTable refuses whatever it is asked for") { t throws(Refusal) in
      t.refusesInvocation(.protectionDomainInstall, on: try t.make(.pageTable))
    }
    test("a Segment refuses what only a Frame does") { t throws(Refusal) in
      t.refusesInvocation(.frameGetAddress, on: try t.make(.segment))
    }
    test("a Frame refuses what only a Segment does") { t throws(Refusal) in
      t.refusesInvocation(.segmentGetAddress, on: try t.make(.frame))
      t.refusesInvocation(.segmentTranslate, on: try t.make(.frame))
    }
    test("a TimeSlice refuses what only an IRQControl does") { t throws(Refusal) in
      t.refusesInvocation(.irqControlGet, on: t.laboratory.spareTime.pointer)
    }
    test("an IRQControl refuses what only an IRQHandler does") { t throws(Refusal) in
      t.refusesInvocation(.irqHandlerClear, on: t.laboratory.irqControl.pointer)
    }
    test("an IRQHandler refuses what only an IRQControl does") { t throws(Refusal) in
      let slot = t.slots()
      try t.laboratory.irqControl.get(77, .edge, into: SlotReference(t.cnode, slot))
      t.refusesInvocation(.irqControlGet, on: CapabilityPointer(slot))
    }
    test("a Debug capability refuses what only an Untyped does") { t throws(Refusal) in
      t.refusesInvocation(.untypedReset, on: t.laboratory.debug.pointer)
    }
  }

  private mutating func unknownInvocations() {
    test("no object knows an invocation that does not exist") { t throws(Refusal) in
      let objects: InlineArray<5, CapabilityPointer> = [
        t.arena.pointer, t.cnode.pointer, t.laboratory.domain.pointer, t.laboratory.protectionDomain.pointer,
        t.laboratory.debug.pointer,
      ]
      for index in objects.indices {
        try each([0, 0xff, 0x1ff, 0xff_ffff_ffff_ffff]) { label throws(Refusal) in
          let answer = Request(.call, on: objects[index], Message(label: label)).perform()
          t.refused(.invalidInvocation, 0, label, answer)
        }
      }
    }
  }

  private mutating func yields() {
    test("yield lets another domain run, and comes back") { t throws(Refusal) in
      let helper = try t.helper(0, [HelperStep(Request(.yield))])
      try helper.start()
      t.equal(helper.finished, 0)
      t.ended(.ok, Request(.yield).perform())
      t.settle()
      t.holds(helper.isDone)
    }
  }
}

extension Trial {
  fileprivate mutating func refusesInvocation(
    _ invocation: Invocation, on pointer: CapabilityPointer, file: StaticString = #fileID, line: UInt = #line
  ) {
    refused(.invalidInvocation, 0, invocation.rawValue, call(invocation, on: pointer), file: file, line: line)
  }
}
