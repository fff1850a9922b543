public import LibVesper
internal import ThreadSwitch

/// A domain that makes calls for the threads of another.
///
/// It has the other's CNode and ProtectionDomain, so it may do no more than that. The library starts it.
public struct Carrier {
  /// Address of memory for reading and writing, a multiple of 8.
  public var record: UInt64
  /// Configured, and with time of its own.
  public var domain: DomainCapability
  /// A notification that the carrier waits for and nobody else uses, with some badge: without one, a signal that nobody
  /// waits for yet is nothing.
  public var wake: NotificationCapability
  /// The threads' bound notification with some badge, of bits that no thread waits for.
  public var told: NotificationCapability

  public init(
    record: UInt64, domain: DomainCapability, wake: NotificationCapability, told: NotificationCapability
  ) {
    self.record = record
    self.domain = domain
    self.wake = wake
    self.told = told
  }

  /// Bytes of memory that one takes.
  public static var size: UInt64 { UInt64(MemoryLayout<CarrierRecord>.stride) }
}

struct CarrierRecord {
  /// What the carrier itself reads and writes.
  var call: vesper_carrier_call
  let domain: DomainCapability
  /// The next that is free, or busy.
  var next = Pointer<CarrierRecord>.none
  /// For whom it is busy.
  var thread = Pointer<ThreadRecord>.none

  init(_ carrier: Carrier) {
    call = vesper_carrier_call()
    call.wake = carrier.wake.pointer.rawValue
    call.told = carrier.told.pointer.rawValue
    domain = carrier.domain
  }
}

extension Threads {
  /// Lets threads call by one more carrier.
  public static func add(_ carrier: Carrier) throws(Refusal) {
    let record = Pointer<CarrierRecord>(carrier.record)
    record.object = CarrierRecord(carrier)
    try carrier.domain.start(
      programCounter: vesper_carrier_address(), stackPointer: 0, arguments: [carrier.record, 0, 0])
    let scheduler = Scheduler.own
    scheduler.enter()
    scheduler.state.object.carrierCount += 1
    scheduler.release(record)
    scheduler.leave()
  }
}

extension Scheduler {
  /// A carrier for the current thread; `none` if there are none to wait for.
  func takeCarrier() -> Pointer<CarrierRecord> {
    guard state.object.carrierCount > 0 else { return .none }
    let free = state.object.freeCarriers
    guard free.isNone else {
      state.object.freeCarriers = free.object.next
      return free
    }
    let thread = current
    thread.object.word = 0
    thread.object.waitsIn = state.part(at: 0)
    state.object.callers.append(thread)
    switchToNext()
    return Pointer(thread.object.word)
  }

  /// It is the first waiting thread's, or free.
  func release(_ carrier: Pointer<CarrierRecord>) {
    let thread = state.object.callers.popFirst()
    guard thread.isNone else {
      thread.object.word = carrier.address
      return makeReady(thread)
    }
    carrier.object.next = state.object.freeCarriers
    state.object.freeCarriers = carrier
  }

  /// The carrier will carry no more. Whoever waits for one waits for ever if it was the last.
  func forget(_ carrier: Pointer<CarrierRecord>) {
    state.object.carrierCount -= 1
    if state.object.carrierCount == 0 { makeReady(allOf: state.part(at: 0)) }
  }

  /// The current thread waits until the carrier's call has been answered, or cannot be any more.
  func wait(for carrier: Pointer<CarrierRecord>) {
    carrier.object.thread = current
    carrier.object.next = state.object.busyCarriers
    state.object.busyCarriers = carrier
    switchToNext()
  }

  /// Makes the threads ready whose carriers are done.
  @inline(never)
  func collectCalls() {
    collect { $0.object.call.is_done != 0 }
    let now = Processor.time
    if now >= state.object.nextLook {
      state.object.nextLook = now + Processor.timeFrequency / 100
      endLostCalls()
    }
  }

  /// Makes the threads ready whose carriers were destroyed. Nothing tells of that but the use of their capabilities.
  ///
  /// - Returns: whether there were any.
  @discardableResult
  func endLostCalls() -> Bool {
    collect { (try? $0.object.domain.readRegisters(from: 0)) == nil }
  }

  @discardableResult
  private func collect(_ isEnded: (Pointer<CarrierRecord>) -> Bool) -> Bool {
    var isAny = false
    var before = Pointer<CarrierRecord>.none
    var carrier = state.object.busyCarriers
    while !carrier.isNone {
      let next = carrier.object.next
      if isEnded(carrier) {
        if before.isNone { state.object.busyCarriers = next } else { before.object.next = next }
        makeReady(carrier.object.thread)
        isAny = true
      } else {
        before = carrier
      }
      carrier = next
    }
    return isAny
  }
}
