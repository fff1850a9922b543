public import KernelObjects
public import LibVesper
internal import ThreadSwitch

extension Threads {
  /// Calls as `EndpointCapability.call` does, while the domain's other threads go on.
  ///
  /// - Throws: also status `notConfigured` if the domain has no carrier, and `cancelled` if the carrier stopped.
  public static func call(
    _ endpoint: EndpointCapability, _ message: Message, into slot: CapabilityPointer = .none
  ) throws(Refusal) -> ReceivedMessage {
    let scheduler = Scheduler.own
    scheduler.enter()
    defer { scheduler.leave() }
    guard scheduler.state.object.carrierCount > 0 else { throw Refusal(.notConfigured, label: message.label) }
    let carrier = scheduler.takeCarrier()
    carrier.prepare(endpoint, message, into: slot)
    guard try scheduler.carry(carrier) else {
      scheduler.state.object.carrierCount -= 1
      throw Refusal(.cancelled, label: message.label)
    }
    defer { scheduler.release(carrier) }
    return try carrier.answer(label: message.label)
  }
}

extension Scheduler {
  /// Lends the carrier time for its call, and if that does not see the end of it, lets other threads run until then.
  ///
  /// - Returns: whether the call was made.
  fileprivate func carry(_ carrier: Pointer<CarrierRecord>) throws(Refusal) -> Bool {
    do throws(Refusal) {
      try NotificationCapability(CapabilityPointer(rawValue: carrier.object.call.wake)).signal()
      // A signal that came before, or comes from somebody else, ends the loan early.
      for _ in 0..<4 {
        switch try carrier.object.domain.run().reason {
        case .stopped, .faulted: return false
        case .event where carrier.object.call.is_done == 0: continue
        default: break
        }
        break
      }
    } catch {
      state.object.carrierCount -= 1
      throw error
    }
    guard carrier.object.call.is_done == 0 else { return true }
    carrier.object.call.wants_signal = 1
    // The carrier reads that after it was done; whether it is done is looked at once more after this.
    vesper_threads_order()
    wait(for: carrier)
    return true
  }
}

extension Pointer<CarrierRecord> {
  fileprivate func prepare(_ endpoint: EndpointCapability, _ message: Message, into slot: CapabilityPointer) {
    var call = object.call
    call.x0 = endpoint.pointer.rawValue
    call.x1 =
      MessageInfo(
        label: message.label, length: message.length, hasCapability: message.capability != .none
      ).word
    call.x2 = message.words[0]
    call.x3 = message.words[1]
    call.x4 = message.words[2]
    call.x5 = message.words[3]
    call.x6 = message.words[4]
    call.x7 = message.words[5]
    call.x8 = SystemCall.call.rawValue
    call.x9 = message.capability.rawValue
    call.x10 = slot.rawValue
    call.is_done = 0
    call.wants_signal = 0
    object.call = call
  }

  fileprivate func answer(label: UInt64) throws(Refusal) -> ReceivedMessage {
    let call = object.call
    guard call.x0 == Status.ok.rawValue else {
      throw Refusal(rawStatus: call.x0, argument: call.x2, detail: call.x3, label: label)
    }
    let info = MessageInfo(word: call.x1)
    var answer = Message(label: info.label)
    answer.length = info.length
    answer.words = [call.x2, call.x3, call.x4, call.x5, call.x6, call.x7]
    return ReceivedMessage(message: answer, badge: call.x8, hasCapability: info.hasCapability)
  }
}
