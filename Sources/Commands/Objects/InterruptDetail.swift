internal import Inspection
internal import TargetLink

extension Command {
  static let irq = Command(
    "irq",
    summary: "Show one interrupt line's whole way to its driver, and what is wrong on it",
    usage: "LINE",
    discussion: """
      From the controller over the handler and the notification to the domains that wait for it. Told as wrong are \
      a line that is enabled and that nobody handles, one that is masked and that nobody will acknowledge, one \
      whose signal nobody takes, one whose budget of others' time is used, and whatever kernel \
      and controller do not agree on.
      """,
    example: "irq 34", wordCount: 1...1
  ) { session, arguments throws(CommandError) in
    let snapshot = try session.snapshot()
    let word = arguments.words[0]
    guard let number = Snapshot.number(word), number < UInt64(snapshot.state.irqs.count) else {
      let last = snapshot.state.irqs.count - 1
      throw CommandError(.usage, "`\(word.printable)` is no interrupt line; they are 0 to \(last)")
    }
    let controller = try session.read { () throws(TargetError) in
      try InterruptControllerState.read(from: session.target, snapshot: snapshot)
    }
    let route = InterruptRoute(snapshot.state.irqs[Int(number)], controller: controller, in: snapshot)
    var answer = Answer("irq", record(route, snapshot))
    let problems = route.problems(in: snapshot)
    answer.add("wrong", problems.map { "wrong: " + $0 }, .array(problems.map { .string($0) }))
    answer.add(trustIn: snapshot)
    return answer
  }

  private static func record(_ route: InterruptRoute, _ snapshot: Snapshot) -> [Answer.Field] {
    let irq = route.irq
    let budget = budgetCells(irq, snapshot)
    let list = { (domains: [UInt64]) in Cell.list(domains.map { snapshot.cell(ofDomain: $0) }) }
    return [
      .init("line", "line", .number(irq.line)),
      .init("trigger", "trigger", .text(irq.isEdge ? "edge" : "level")),
      .init("enabled", "enabled", .flag(route.isEnabled)),
      .init("pending", "pending", .flag(route.isPending)),
      .init("masked", "masked", .flag(irq.isMasked)),
      .init("count", "count", .number(irq.count)),
      .init("budget", "budget", budget[0]),
      .init("spent", "spent", budget[1]),
      .init("throttled", "throttled", budget[2]),
      .init("handler", "handler", handlerCell(route, snapshot)),
      .init("held by", "acknowledgers", list(route.acknowledgers)),
      .init(
        "notification", "notification", .text(route.notification?.object.map(snapshot.names.name(of:)))),
      .init("badge", "badge", badgeCell(route.notification)),
      .init("signalled", "signalled", route.notification == nil ? .none : .hex(route.signalled)),
      .init("waiters", "waiters", list(route.waiters)),
      .init("received by", "receivers", list(route.receivers)),
    ]
  }

  /// What is wrong on the lines that a table shows: line and text.
  static func problemTable(_ snapshot: Snapshot, _ controller: InterruptControllerState?) -> Table {
    var table = Table([.init("LINE", "line", .right), .init("WRONG", "text")])
    for irq in snapshot.state.irqs {
      let route = InterruptRoute(irq, controller: controller, in: snapshot)
      for problem in route.problems(in: snapshot) { table.add([.number(irq.line), .text(problem)]) }
    }
    return table
  }
}
