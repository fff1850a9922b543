internal import GDBProtocol

/// The debugger's side of the GDB remote protocol.
///
/// Replies come in the order of requests, but stop replies and console text come when they like; so what
/// arrives is sorted by what it is, and stop replies are kept until somebody waits for one.
final class RemoteProtocolClient {
  /// How long one reply may take.
  var replyTimeout: Duration = .seconds(5)
  /// How many requests may be unanswered at once.
  var window = 1
  /// In bytes as framed on the wire: the longest packet that the stub takes and sends.
  var packetSize = 400
  /// The stub's answer to `qSupported`: `name` for `name+`, `name=value` as it is.
  var features: Set<String> = []
  var onConsoleText: (([UInt8]) -> Void)?

  /// How many answers like this one may still come, to greetings that were repeated.
  var lateAnswers: (count: Int, answer: [UInt8]) = (0, [])

  let link: PacketLink
  /// Why nothing more can be asked.
  private var failure: TargetError?
  private var stops: [StopEvent] = []
  /// The last text that came, for the message that nothing else did.
  private var lastText: [UInt8] = []

  private static let longestLastText = 40
  private static let mostStops = 64
  private static let mostAttempts = 3
  private static let mostStaleReplies = 64

  init(_ channel: ByteChannel, log: PacketLog? = nil) {
    link = PacketLink(channel, log: log)
    link.onText = { [unowned self] in deliver(text: $0) }
  }

  /// Asks for one thing and waits for the answer.
  func ask(_ request: String, for operation: String) throws(TargetError) -> [UInt8] {
    try exchange([Array(request.utf8)], for: operation)[0]
  }

  /// Sends requests, up to ``window`` ahead of their replies, and returns the replies in the requests' order.
  ///
  /// A request may be sent twice when the line damages something, so all must be harmless to repeat.
  func exchange(_ requests: [[UInt8]], for operation: String) throws(TargetError) -> [[UInt8]] {
    var replies = [[UInt8]](repeating: [], count: requests.count)
    try exchange(requests, for: operation) { index, reply in replies[index] = reply }
    return replies
  }

  /// The same, but hands over each reply, with the number of its request, as soon as it has come: the other side goes on
  /// meanwhile.
  func exchange(
    _ requests: [[UInt8]], for operation: String, each: (Int, [UInt8]) throws(TargetError) -> Void
  ) throws(TargetError) {
    try dropStaleReplies(for: operation)
    var exchange = Exchange(requests: requests, window: window)
    var patience = Patience(replyTimeout)
    while !exchange.isDone {
      for request in exchange.takeSendable() { link.post(request) }
      guard let arrival = try nextArrival(&patience, for: operation) else {
        throw fail(.timedOut(waitingFor: "the answer to \(operation)\(textThatCame)"))
      }
      switch arrival {
      case .packet(let payload):
        guard let reply = sort(payload) else { continue }
        if let index = exchange.accept() { try each(index, reply) }
        patience = Patience(replyTimeout)
      case .acknowledgement: exchange.acknowledge()
      case .refusal: try repeatOrFail(exchange.refuse(), received: "-", for: operation)
      case .damaged(let beginning): try recover(&exchange, from: beginning, for: operation)
      }
    }
  }

  /// Sends a request that several replies answer, and hands over each until one is said to be the last.
  ///
  /// Returns false, with the line at rest again, if something was damaged.
  func exchangeMany(
    _ request: String, for operation: String, each: ([UInt8]) throws(TargetError) -> Bool
  ) throws(TargetError) -> Bool {
    try dropStaleReplies(for: operation)
    link.post(Array(request.utf8))
    var patience = Patience(replyTimeout)
    while true {
      guard let arrival = try nextArrival(&patience, for: operation) else {
        throw fail(.timedOut(waitingFor: "the answer to \(operation)\(textThatCame)"))
      }
      switch arrival {
      case .packet(let payload):
        guard let reply = sort(payload) else { continue }
        guard try each(reply) else { return true }
        patience = Patience(replyTimeout)
      case .acknowledgement, .refusal: break
      case .damaged:
        try dropReplies(for: operation)
        return false
      }
    }
  }

  /// Sends a request whose answer is a stop reply: at once, or when the target stops.
  func resume(_ request: String, for operation: String) throws(TargetError) {
    if let failure { throw failure }
    stops.removeAll()
    link.post(Array(request.utf8))
    try flush(for: operation)
  }

  /// Sends Ctrl-C.
  func sendInterrupt(for operation: String) throws(TargetError) {
    if let failure { throw failure }
    // QEMU takes Ctrl-C for line noise while it waits for an acknowledgement.
    if link.acknowledges { link.post(bare: Framing.acknowledge) }
    link.post(bare: Framing.interrupt)
    try flush(for: operation)
  }

  /// The next stop, which may have happened already; `nil` if none is reported in time.
  func nextStop(until deadline: Deadline, for operation: String) throws(TargetError) -> StopEvent? {
    var patience = Patience(until: deadline)
    while stops.isEmpty {
      guard let arrival = try nextArrival(&patience, for: operation) else { return nil }
      switch arrival {
      case .packet(let payload): _ = sort(payload)
      case .damaged where link.acknowledges: link.post(bare: Framing.refuse)
      case .damaged, .acknowledgement, .refusal: break
      }
    }
    return stops.removeFirst()
  }

  /// Whether a stop was reported since the last one was taken: nothing is waited for.
  func takeStop() -> StopEvent? {
    stops.isEmpty ? nil : stops.removeFirst()
  }

  func close() {
    guard failure == nil else { return }
    // An acknowledgement that is still due would be missed by the other side.
    try? link.flush(until: .after(.milliseconds(200)), during: "detaching")
    _ = fail(.closed(during: "it was detached from"))
  }
}

/// Sorting of what arrives.
extension RemoteProtocolClient {
  /// Takes what came since the last exchange: stops and text count, a reply that nobody waits for does not.
  private func dropStaleReplies(for operation: String) throws(TargetError) {
    var staleCount = 0
    while let reply = try nextReply(until: .after(.zero), for: operation) {
      staleCount += 1
      if staleCount > Self.mostStaleReplies { throw reject(reply, for: operation) }
    }
  }

  /// The next packet that is neither a stop reply nor console text; damaged ones are passed over.
  func nextReply(until deadline: Deadline, for operation: String) throws(TargetError) -> [UInt8]? {
    var patience = Patience(until: deadline)
    while let arrival = try nextArrival(&patience, for: operation) {
      if case .packet(let payload) = arrival, let reply = sort(payload) { return reply }
    }
    return nil
  }

  /// Keeps stop replies, delivers console packets, and returns anything else: a reply.
  func sort(_ payload: [UInt8]) -> [UInt8]? {
    if let stop = StopEvent(stopReply: payload) {
      if stops.count < Self.mostStops { stops.append(stop) }
      return nil
    }
    if lateAnswers.count > 0, payload == lateAnswers.answer {
      lateAnswers.count -= 1
      return nil
    }
    // `OK` is a reply, and `K` no hexadecimal digit.
    if payload.first == UInt8(ascii: "O"), let text = bytes(hexadecimal: payload.dropFirst()) {
      deliver(text: text)
      return nil
    }
    return payload
  }

  private func deliver(text: [UInt8]) {
    onConsoleText?(text)
    lastText = (lastText + text).suffix(Self.longestLastText)
  }

  private func recover(
    _ exchange: inout Exchange, from beginning: [UInt8], for operation: String
  ) throws(TargetError) {
    if link.acknowledges, exchange.waitingCount == 1 {
      try repeatOrFail(exchange.noteDamage(), received: printable(beginning), for: operation)
      link.post(bare: Framing.refuse)
    } else {
      // Which reply was lost is not known before all are in; and then one at a time is the sure way.
      try repeatOrFail(exchange.restart(), received: printable(beginning), for: operation)
      try dropReplies(for: operation)
    }
  }

  /// Takes all that is still under way.
  private func dropReplies(for operation: String) throws(TargetError) {
    let end = Deadline.after(replyTimeout)
    while !end.hasPassed, try nextReply(until: .after(.milliseconds(200)), for: operation) != nil {}
  }

  private func repeatOrFail(_ attempt: Int, received: String, for operation: String) throws(TargetError) {
    if attempt > Self.mostAttempts { throw fail(.protocolViolation(received: received, during: operation)) }
  }
}

extension RemoteProtocolClient {
  private func nextArrival(
    _ patience: inout Patience, for operation: String
  ) throws(TargetError) -> PacketLink.Arrival? {
    if let failure { throw failure }
    if patience.isOver { return nil }
    do {
      return try link.next(until: patience.deadline, during: operation)
    } catch {
      throw fail(error)
    }
  }

  private func flush(for operation: String) throws(TargetError) {
    do {
      try link.flush(until: .after(replyTimeout), during: operation)
    } catch {
      throw fail(error)
    }
  }

  /// Ends the connection: after a reply is lost, no later one could be told apart from it.
  func fail(_ error: TargetError) -> TargetError {
    failure = failure ?? error
    link.channel.close()
    return error
  }

  /// For the message that nothing answers: what else came, if something did.
  var textThatCame: String {
    let text = lastText + link.unfinished
    return text.isEmpty ? "" : " (only text came: `\(printable(text))`)"
  }
}
