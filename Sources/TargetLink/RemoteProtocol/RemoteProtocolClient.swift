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
  private(set) var packetSize = 400
  /// The stub's answer to `qSupported`: `name` for `name+`, `name=value` as it is.
  private(set) var features: Set<String> = []
  var onConsoleText: (([UInt8]) -> Void)?

  private let link: PacketLink
  /// Why nothing more can be asked.
  private var failure: TargetError?
  private var stops: [StopEvent] = []
  /// The last text that came while nobody listened.
  private(set) var unheardText: [UInt8] = []

  private static let longestUnheardText = 16 * 1024
  private static let mostStops = 64
  private static let mostAttempts = 3

  init(_ channel: ByteChannel) {
    link = PacketLink(channel)
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
    var exchange = Exchange(requests: requests, window: window)
    while !exchange.isDone {
      for request in exchange.takeSendable() { link.post(request) }
      guard let arrival = try nextArrival(within: replyTimeout, for: operation) else {
        throw fail(.timedOut(waitingFor: "the answer to \(operation)\(textThatCame)"))
      }
      switch arrival {
      case .packet(let payload): try accept(payload, in: &exchange, for: operation)
      case .acknowledgement: exchange.acknowledge()
      case .refusal: try repeatOrFail(exchange.refuse(), received: "-", for: operation)
      case .damaged(let beginning): try recover(&exchange, from: beginning, for: operation)
      }
    }
    return exchange.replies
  }

  /// Sends a request that is answered by a stop reply, if at all, when the target stops.
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
  func nextStop(within timeout: Duration, for operation: String) throws(TargetError) -> StopEvent? {
    let deadline = Deadline.after(timeout)
    while stops.isEmpty {
      guard let arrival = try nextArrival(until: deadline, for: operation) else { return nil }
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

  /// Learns what the stub can do, and agrees on no acknowledgements where it offers that.
  func negotiate() throws(TargetError) {
    try adopt(features: ask("qSupported:swbreak+;hwbreak+;vContSupported+", for: "qSupported"))
    guard features.contains("QStartNoAckMode") else { return }
    if try ask("QStartNoAckMode", for: "QStartNoAckMode") == Array("OK".utf8) { link.acknowledges = false }
  }

  func close() {
    _ = fail(.closed(during: "it was detached from"))
  }
}

/// Sorting of what arrives.
extension RemoteProtocolClient {
  private func accept(
    _ payload: [UInt8], in exchange: inout Exchange, for operation: String
  ) throws(TargetError) {
    guard let reply = sort(payload) else { return }
    exchange.accept(reply)
  }

  /// Keeps stop replies, delivers console packets, and returns anything else: a reply.
  private func sort(_ payload: [UInt8]) -> [UInt8]? {
    if let stop = StopEvent(stopReply: payload) {
      if stops.count < Self.mostStops { stops.append(stop) }
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
    if let onConsoleText { return onConsoleText(text) }
    unheardText = (unheardText + text).suffix(Self.longestUnheardText)
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
      while try nextArrival(within: .milliseconds(200), for: operation) != nil {}
    }
  }

  private func repeatOrFail(_ attempt: Int, received: String, for operation: String) throws(TargetError) {
    if attempt > Self.mostAttempts { throw fail(.protocolViolation(received: received, during: operation)) }
  }
}

extension RemoteProtocolClient {
  private func adopt(features reply: [UInt8]) throws(TargetError) {
    guard reply.count < 16 * 1024 else {
      throw fail(.protocolViolation(received: printable(reply), during: "qSupported"))
    }
    for feature in String(decoding: reply, as: UTF8.self).split(separator: ";") {
      if feature.hasSuffix("+") {
        features.insert(String(feature.dropLast()))
      } else if let size = feature.splitOnce(at: "="), size.0 == "PacketSize",
        let bytes = Int(size.1, radix: 16)
      {
        packetSize = min(max(bytes, 64), PacketLink.longestPayload)
      } else {
        features.insert(String(feature))
      }
    }
  }

  private func nextArrival(within time: Duration, for operation: String) throws(TargetError) -> PacketLink
    .Arrival?
  {
    try nextArrival(until: .after(time), for: operation)
  }

  private func nextArrival(until deadline: Deadline, for operation: String) throws(TargetError) -> PacketLink
    .Arrival?
  {
    if let failure { throw failure }
    do {
      return try link.next(until: deadline, during: operation)
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
  private func fail(_ error: TargetError) -> TargetError {
    failure = failure ?? error
    link.channel.close()
    return error
  }

  /// For the message that nothing answers: what else came, if something did.
  private var textThatCame: String {
    unheardText.isEmpty ? "" : " (only text came: `\(printable(unheardText.suffix(60)))`)"
  }
}
