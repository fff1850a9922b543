/// The beginning of a session.
extension RemoteProtocolClient {
  private static let greeting = "qSupported:swbreak+;hwbreak+;vContSupported+"
  private static let longestFeatures = 16 * 1024

  /// Learns what the stub can do, and agrees on no acknowledgements where it offers that.
  func negotiate() throws(TargetError) {
    try adopt(features: ask(Self.greeting, for: "qSupported"))
    try stopAcknowledging()
  }

  /// Does so with a stub that may not be there yet: greets it every `interval` until it answers.
  ///
  /// Damage is not answered: before the stub speaks, anything may come out of a line.
  func negotiate(repeatedEvery interval: Duration, for timeout: Duration) throws(TargetError) {
    let deadline = Deadline.after(timeout)
    var greetings = 0
    var reply: [UInt8]?
    while reply == nil {
      if deadline.hasPassed {
        throw fail(.timedOut(waitingFor: "the kernel's stub to answer\(textThatCame)"))
      }
      link.post(Array(Self.greeting.utf8))
      greetings += 1
      reply = try nextReply(until: .after(interval), for: "qSupported")
    }
    // Each greeting that was only late is answered too. Those answers must not be taken for others.
    lateAnswers = (greetings - 1, reply ?? [])
    try adopt(features: reply ?? [])
    try stopAcknowledging()
  }

  private func stopAcknowledging() throws(TargetError) {
    guard features.contains("QStartNoAckMode") else { return }
    if try ask("QStartNoAckMode", for: "QStartNoAckMode") == Array("OK".utf8) { link.acknowledges = false }
  }

  private func adopt(features reply: [UInt8]) throws(TargetError) {
    guard reply.count < Self.longestFeatures else {
      throw reject(reply, for: "qSupported")
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

}
