internal import Devices
internal import KernelObjects
internal import LibVesper

extension SelfTest {
  mutating func interruptCases() {
    gettingInterrupts()
    handlerRefusals()
    realInterrupts()
    debugCases()
  }

  private mutating func gettingInterrupts() {
    test("get hands out an interrupt, once") { t throws(Refusal) in
      let slot = t.slots(2)
      try t.laboratory.irqControl.get(200, .edge, into: SlotReference(t.cnode, slot))
      t.holds(t.type(of: CapabilityPointer(slot)) == .irqHandler)
      t.refused(.invalidArgument, 1, 200, getCall(t, 200, 1, t.cnode.word, slot + 1))
    }
    test("get hands out an interrupt again whose handler is deleted") { t throws(Refusal) in
      let slot = t.slots()
      try t.laboratory.irqControl.get(201, .level, into: SlotReference(t.cnode, slot))
      try t.cnode.delete(slot)
      try t.laboratory.irqControl.get(201, .level, into: SlotReference(t.cnode, slot))
    }
    test("get refuses the kernel's own interrupts") { t throws(Refusal) in
      // The virtual timer's and the console's.
      t.refused(.invalidArgument, 1, 27, getCall(t, 27, 0, t.cnode.word, t.slots()))
      t.refused(.invalidArgument, 1, 33, getCall(t, 33, 0, t.cnode.word, t.slots()))
    }
    test("get refuses an interrupt that does not exist") { t throws(Refusal) in
      t.refused(.outOfRange, 1, 256, getCall(t, 256, 0, t.cnode.word, t.slots()))
      t.refused(.outOfRange, 1, 256, getCall(t, .max, 0, t.cnode.word, t.slots()))
    }
    test("get refuses a trigger that does not exist") { t throws(Refusal) in
      t.refused(.outOfRange, 2, 2, getCall(t, 202, 2, t.cnode.word, t.slots()))
    }
    test("get refuses a slot that is taken, or in no CNode") { t throws(Refusal) in
      let endpoint = try t.endpoint().word
      t.refused(.wrongType, 3, 8, getCall(t, 202, 0, endpoint, t.slots()))
      t.refused(.slotOccupied, 4, 0, getCall(t, 202, 0, t.cnode.word, endpoint))
      t.refused(.outOfRange, 4, 4096, getCall(t, 202, 0, t.cnode.word, 4096))
    }
  }

  private mutating func handlerRefusals() {
    test("an IRQHandler's bind refuses what is not a Notification to signal") { t throws(Refusal) in
      let handler = try t.handler(203).pointer
      let waiter = try t.copy(try t.make(.notification), rights: .read)
      t.refused(.wrongType, 1, 2, call(.irqHandlerBind, on: handler, [t.cnode.word]))
      t.refused(.missingRight, 1, 2, call(.irqHandlerBind, on: handler, [waiter.rawValue]))
      t.refused(.invalidCapability, 1, 64, call(.irqHandlerBind, on: handler, [t.slots()]))
    }
    test("an IRQHandler is acknowledged and cleared without being bound") { t throws(Refusal) in
      let handler = try t.handler(203)
      try handler.acknowledge()
      try handler.clear()
    }
    test("an IRQHandler is bound to another Notification") { t throws(Refusal) in
      let handler = try t.handler(203)
      let first = try t.notification()
      try handler.bind(first)
      try handler.bind(try t.notification())
      try t.cnode.delete(first.word)
    }
  }

  private mutating func realInterrupts() {
    test("an interrupt signals the bound Notification with its badge") { t throws(Refusal) in
      let clock = try AlarmClock(&t, badge: 0x100)
      clock.device.setAlarm(after: 0)
      t.equal(try clock.notification.wait(), 0x100)
      clock.stop()
    }
    test("an interrupt comes no more until it is acknowledged") { t throws(Refusal) in
      let clock = try AlarmClock(&t, badge: 1)
      clock.device.setAlarm(after: 0)
      _ = try clock.notification.wait()
      t.settle()
      t.nothing(clock.notification)
      // The device still asks, so that it comes as soon as the controller listens.
      try clock.handler.acknowledge()
      t.equal(try clock.notification.wait(), 1)
      clock.device.clearInterrupt()
      try clock.handler.acknowledge()
      t.settle()
      t.nothing(clock.notification)
      clock.stop()
    }
    test("an interrupt whose binding is cleared signals nobody") { t throws(Refusal) in
      let clock = try AlarmClock(&t, badge: 1)
      try clock.handler.clear()
      clock.device.setAlarm(after: 0)
      t.settle()
      t.nothing(clock.notification)
      try clock.handler.bind(clock.badged)
      t.equal(try clock.notification.wait(), 1)
      clock.stop()
    }
    test("an interrupt whose handler is deleted signals nobody") { t throws(Refusal) in
      let clock = try AlarmClock(&t, badge: 1)
      try t.cnode.delete(clock.handler.word)
      clock.device.setAlarm(after: 0)
      t.settle()
      t.nothing(clock.notification)
      clock.stop()
    }
    test("an interrupt whose Notification is revoked disturbs nobody") { t throws(Refusal) in
      let clock = try AlarmClock(&t, badge: 1)
      try t.cnode.revoke(clock.notification.word)
      clock.device.setAlarm(after: 0)
      t.settle()
      t.nothing(clock.notification)
      clock.stop()
    }
  }

  private mutating func debugCases() {
    test("the Debug capability refuses more text than a message holds") { t throws(Refusal) in
      let debug = t.laboratory.debug.pointer
      t.refused(.outOfRange, 1, 41, call(.debugWrite, on: debug, [41]))
      t.refused(.outOfRange, 1, 41, call(.debugWrite, on: debug, [.max]))
      t.ended(.ok, call(.debugWrite, on: debug, [0]))
    }
    test("the Debug capability refuses to name what is not a Domain") { t throws(Refusal) in
      let debug = t.laboratory.debug.pointer
      t.refused(.wrongType, 1, 2, call(.debugSetName, on: debug, [t.cnode.word, 0, 0]))
      t.refused(.invalidCapability, 1, 64, call(.debugSetName, on: debug, [t.slots(), 0, 0]))
    }
  }
}

private func getCall(
  _ trial: Trial, _ irq: UInt64, _ trigger: UInt64, _ cnode: UInt64, _ index: UInt64
) -> Answer {
  call(.irqControlGet, on: trial.laboratory.irqControl.pointer, [irq, trigger, cnode, index])
}
