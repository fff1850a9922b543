internal import Inspection

extension Command {
  static let notifications = Command(
    "notifications",
    summary: "List all notifications: pending bits, who waits, who is bound",
    discussion: """
      One line a notification: the badges signalled and not yet received (ORed), the domains that wait, the \
      domain that is also woken from its endpoint receive, and the interrupt lines that signal it.
      """,
    example: "notifications", wordCount: 0...0
  ) { session, _ throws(CommandError) in
    let snapshot = try session.snapshot()
    var answer = Answer("notifications", notificationTable(snapshot))
    answer.add(trustIn: snapshot)
    return answer
  }

  static func notificationTable(_ snapshot: Snapshot) -> Table {
    var table = Table([
      .init("NAME", "name"), .init("ADDRESS", "address"), .init("CAPABILITIES", "capabilities", .right),
      .init("PENDING", "pending"), .init("WAITERS", "waiters"), .init("BOUND", "bound"),
      .init("INTERRUPTS", "interrupts"),
    ])
    for notification in snapshot.notifications.values.sorted(by: { $0.address < $1.address }) {
      let object = ObjectID(.notification, notification.address)
      let holders = snapshot.holders[object] ?? []
      table.add([
        .text(snapshot.names.name(of: object)), .hex(notification.address), .number(holders.count),
        .hex(notification.pending), .list(notification.waiters.map { snapshot.cell(ofDomain: $0) }),
        snapshot.cell(ofDomain: notification.boundDomain), .list(lines(holders, snapshot)),
      ])
    }
    return table
  }

  /// The interrupt lines among the places of capabilities.
  private static func lines(_ holders: [UInt64], _ snapshot: Snapshot) -> [Cell] {
    let lines = holders.compactMap { holder -> Int? in
      guard let position = snapshot.slots.position(of: holder),
        case .irq(let line) = snapshot.slots.records[position].holder
      else { return nil }
      return line
    }
    return lines.sorted().map { .number($0) }
  }
}
