internal import KernelObjects
internal import LibVesper
internal import RootSupport

extension System {
  /// Waits for ever for a program to fault and tells who did, where and why. The faulter stays stopped; the
  /// right to answer it is kept in its `faultReplySlots`.
  func reportFaults(on console: Console) throws(Refusal) -> Never {
    while true {
      let fault = try builder.faultEndpoint.receive()
      report(fault, on: console)
      let member = Int(truncatingIfNeeded: fault.badge)
      if faultReplySlots.indices.contains(member), member != 0 {
        try builder.allocator.cnode.saveReply(to: faultReplySlots[member])
      }
    }
  }

  private func report(_ fault: ReceivedMessage, on console: Console) {
    let kind = FaultKind(rawValue: UInt32(truncatingIfNeeded: fault.message.label)) ?? .other
    let member = Member(rawValue: Int(truncatingIfNeeded: fault.badge))
    let name = member?.name ?? "unknown domain"
    let words = fault.message.words
    console.print("\(name): \(kind.name)")
    console.print("\(name): pc \(hexadecimal: words[0])")
    console.print("\(name): address \(hexadecimal: words[1])")
    console.print("\(name): syndrome \(hexadecimal: words[2])")
    console.print("\(name): sp \(hexadecimal: words[3])")
    console.print("\(name): pstate \(hexadecimal: words[4])")
  }
}
