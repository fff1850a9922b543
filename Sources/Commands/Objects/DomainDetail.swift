internal import Inspection

extension Command {
  static let domain = Command(
    "domain",
    summary: "Show one domain: state, capability slots of its own, saved registers",
    usage: "DOMAIN",
    discussion: """
      DOMAIN is a name, a number as in `domains`, or a physical address. The registers are those the kernel \
      saved when the domain last entered it; `registers` has the processor's.
      """,
    example: "domain server", arguments: [.domain], wordCount: 1...1
  ) { session, arguments throws(CommandError) in
    let snapshot = try session.snapshot()
    let address = try session.select(.domain, arguments.words[0], in: snapshot)
    guard let domain = snapshot.domains[address] else {
      throw CommandError(.usage, "the domain at \(hexadecimal(address)) could not be read")
    }
    let block = try? ControlBlockRecord(of: address, in: snapshot, from: session.target)
    var answer = Answer("domain", record(domain, block, snapshot))
    answer.add("slots", ownSlots(domain, snapshot))
    let registers = registers(domain)
    answer.add("registers", registers.lines, registers.json)
    answer.add(trustIn: snapshot)
    return answer
  }

  private static func record(
    _ domain: DomainRecord, _ block: ControlBlockRecord?, _ snapshot: Snapshot
  ) -> [Answer.Field] {
    let isSending = domain.state == "blocked-on-send"
    let hasFault = domain.fault != "none"
    return [
      .init("name", "name", snapshot.cell(ofDomain: domain.address)),
      .init("address", "address", .hex(domain.address)),
      .init("state", "state", .text(domain.state)),
      .init("held", "held", .flag(domain.isHeld)),
      .init("current", "current", .flag(domain.address == snapshot.state.current)),
      .init("waits for", "waitsFor", snapshot.waitsForCell(domain)),
      .init("served by", "servedBy", snapshot.cell(ofDomain: domain.servedBy)),
      .init("sends with", "sending", isSending ? .text(sending(domain)) : .none),
      .init("fault", "fault", .text(domain.fault)),
      .init("fault address", "faultAddress", hasFault ? .hex(domain.faultAddress) : .none),
      .init("fault syndrome", "faultSyndrome", hasFault ? .hex(domain.faultSyndrome) : .none),
      .init("bound notification", "boundNotification", notification(domain, snapshot)),
      .init("activations", "activations", block.map { .text(activations($0)) } ?? .none),
      .init("slices", "slices", .number(domain.boundSlices)),
      .init("ticks", "ticks", .number(domain.ticks)),
    ]
  }

  private static func sending(_ domain: DomainRecord) -> String {
    let operation = domain.isFault ? "fault" : domain.isCall ? "call" : "send"
    return "\(operation), badge \(hexadecimal(domain.sendBadge))\(domain.canGrant ? ", may grant" : "")"
  }

  private static func activations(_ block: ControlBlockRecord) -> String {
    (block.isOn ? "on" : "off") + (block.isPending ? ", signals pending" : "")
  }

  private static func notification(_ domain: DomainRecord, _ snapshot: Snapshot) -> Cell {
    let address = domain.boundNotification
    return address == 0 ? .none : .text(snapshot.names.name(of: ObjectID(.notification, address)))
  }

  private static func ownSlots(_ domain: DomainRecord, _ snapshot: Snapshot) -> Table {
    var table = Table([.init("SLOT", "slot")] + Snapshot.capabilityColumns)
    for name in snapshot.ownSlotNames {
      guard let slot = snapshot.ownSlot(name, of: domain.address) else {
        table.add([.text(name)] + Array(repeating: .none, count: Snapshot.capabilityColumns.count))
        continue
      }
      table.add([.text(name)] + snapshot.capabilityCells(slot))
    }
    return table
  }

  private static func registers(_ domain: DomainRecord) -> RegisterList {
    RegisterList(domain.registers.map { (name: $0.name, digits: 16, value: $0.value) })
  }
}
