internal import Inspection

extension Command {
  static let endpoints = Command(
    "endpoints",
    summary: "List all endpoints with both queues: who waits to send, who to receive",
    discussion: """
      One line an endpoint. A waiting sender is shown with the badge of the capability it sends through and \
      whether it calls (waits for an answer), only sends, or reports a fault; first come is first served.
      """,
    example: "endpoints", wordCount: 0...0
  ) { session, _ throws(CommandError) in
    let snapshot = try session.snapshot()
    var answer = Answer("endpoints", endpointTable(snapshot))
    answer.add(trustIn: snapshot)
    return answer
  }

  static func endpointTable(_ snapshot: Snapshot) -> Table {
    var table = Table([
      .init("NAME", "name"), .init("ADDRESS", "address"), .init("CAPABILITIES", "capabilities", .right),
      .init("SENDERS", "senders"), .init("RECEIVERS", "receivers"),
    ])
    for endpoint in snapshot.endpoints.values.sorted(by: { $0.address < $1.address }) {
      let object = ObjectID(.endpoint, endpoint.address)
      table.add([
        .text(snapshot.names.name(of: object)), .hex(endpoint.address),
        .number(snapshot.holders[object]?.count ?? 0),
        .list(endpoint.senders.map { snapshot.senderCell($0) }),
        .list(endpoint.receivers.map { snapshot.cell(ofDomain: $0) }),
      ])
    }
    return table
  }
}

extension Snapshot {
  fileprivate func senderCell(_ address: UInt64) -> Cell {
    guard let domain = domains[address] else { return cell(ofDomain: address) }
    let name = names.name(ofDomain: address)
    let operation = domain.isFault ? "fault" : domain.isCall ? "call" : "send"
    return Cell(
      "\(name) (\(operation), badge \(hexadecimal(domain.sendBadge)))",
      json: .object([
        .init("domain", .string(name)), .init("operation", .string(operation)),
        .init("badge", .address(domain.sendBadge)),
      ]))
  }
}
