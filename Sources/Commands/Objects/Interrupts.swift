internal import Inspection
internal import TargetLink

extension Command {
  static let irqs = Command(
    "irqs", aliases: ["interrupts"],
    summary: "Show the interrupt lines: trigger, state at the GIC, handler, notification, who waits",
    usage: "[--all]",
    discussion: """
      Lines that somebody handles, that the kernel serves itself, or that have occurred; all with `--all`. \
      ENABLED and PENDING are what the GIC's distributor says, `-` if it cannot be read. MASKED means delivered \
      and not yet acknowledged by the handler. BUDGET is what its handlers may take of others' slots in as long \
      as a slot, SPENT what of it they took. THROTTLED means that it was used, so that they wait for slots of \
      their own. HANDLER is the place of the IRQHandler capability.
      """,
    example: "irqs", options: ["--all"], wordCount: 0...0
  ) { session, arguments throws(CommandError) in
    let (snapshot, controller, isOneMoment) = try session.atOneMoment { () throws(CommandError) in
      let snapshot = try session.snapshot()
      return try session.read { () throws(TargetError) in
        let controller = try InterruptControllerState.read(from: session.target, snapshot: snapshot)
        return (snapshot, controller, try snapshot.isCurrent(in: session.target))
      }
    }
    let table = irqTable(snapshot, controller, showingAll: arguments.options.contains("--all"))
    var answer = Answer("irqs", table)
    let problems = problemTable(snapshot, controller)
    if problems.isEmpty { answer.add("wrong", [], problems.json) } else { answer.add("wrong", problems) }
    if controller.lineCount == 0, let hazard = session.target.deviceHazard { answer.note(hazard) }
    let differences = InterruptAudit(controller, snapshot).differences
    if isOneMoment, !differences.isEmpty {
      answer.note("\(differences.count) registers are not as the kernel's objects say; `check` lists them")
    }
    answer.add(trustIn: snapshot)
    return answer
  }

  /// Without `controller`, nothing that depends on when and how one looks.
  static func irqTable(
    _ snapshot: Snapshot, _ controller: InterruptControllerState?, showingAll: Bool = false
  ) -> Table {
    let budget: [Table.Column] =
      [.init("BUDGET", "budget", .right)]
      + (controller == nil ? [] : [.init("SPENT", "spent", .right), .init("THROTTLED", "throttled")])
    let state: [Table.Column] = [.init("ENABLED", "enabled"), .init("PENDING", "pending")]
    var table = Table(
      [.init("LINE", "line", .right), .init("TRIGGER", "trigger")] + (controller == nil ? [] : state) + [
        .init("MASKED", "masked"), .init("COUNT", "count", .right),
      ] + budget + [
        .init("HANDLER", "handler"), .init("NOTIFICATION", "notification"), .init("BADGE", "badge"),
        .init("WAITERS", "waiters"),
      ])
    for irq in snapshot.state.irqs
    where showingAll || isInteresting(irq, snapshot) {
      let route = InterruptRoute(irq, controller: controller, in: snapshot)
      let notification = route.notification
      let state = controller == nil ? [] : [Cell.flag(route.isEnabled), .flag(route.isPending)]
      table.add(
        [.number(irq.line), .text(irq.isEdge ? "edge" : "level")] + state + [
          .flag(irq.isMasked), controller == nil && irq.isKernel ? .none : .number(irq.count),
        ] + budgetCells(irq, snapshot).prefix(budget.count) + [
          handlerCell(route, snapshot), .text(notification?.object.map(snapshot.names.name(of:))),
          badgeCell(notification), .list(route.waiters.map { snapshot.cell(ofDomain: $0) }),
        ])
    }
    return table
  }

  private static func isInteresting(_ irq: IRQRecord, _ snapshot: Snapshot) -> Bool {
    irq.isIssued || irq.isKernel || irq.count > 0 || snapshot.slots[irq.slot] != nil
  }

  /// Budget, what of it is spent, and whether that keeps handlers from running.
  static func budgetCells(_ irq: IRQRecord, _ snapshot: Snapshot) -> [Cell] {
    guard let budget = irq.budget, !irq.isKernel else { return [.none, .none, .none] }
    let frequency = snapshot.layouts.constants.timerFrequency
    return [
      .time(budget.counts, frequency), .time(budget.spent, frequency), .flag(budget.isThrottled),
    ]
  }

  static func handlerCell(_ route: InterruptRoute, _ snapshot: Snapshot) -> Cell {
    if route.irq.isKernel { return .text("kernel") }
    return .text(route.handler.map(snapshot.names.name(ofSlot:)))
  }

  static func badgeCell(_ notification: CapabilityRecord?) -> Cell {
    if case .badge(let badge)? = notification?.detail { .hex(badge) } else { .none }
  }
}
