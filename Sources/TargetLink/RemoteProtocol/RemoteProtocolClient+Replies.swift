/// Replies that say no more than yes or no, and objects that come in parts.
extension RemoteProtocolClient {
  /// Sends a command that is answered by `OK`.
  func command(_ request: String, for operation: String, way: String) throws(TargetError) {
    let reply = try ask(request, for: operation)
    if reply == Array("OK".utf8) { return }
    if reply.isEmpty { throw .notSupported(operation: operation, way: way) }
    throw isErrorReply(reply) ? refusal(reply, of: operation) : reject(reply, for: operation)
  }

  /// Collects what a stub sends in parts: `m` and more to come, or `l` and the last part.
  ///
  /// `request` makes the request for `length` bytes from `offset` on; no more is asked for when `isEnough`. An empty
  /// reply (not known) is `nil`.
  func collect(
    atMost limit: Int, for operation: String, isEnough: ([UInt8]) -> Bool = { _ in false },
    request: (_ offset: Int, _ length: Int) -> String
  ) throws(TargetError) -> [UInt8]? {
    let length = max(1, packetSize - 8)
    var object: [UInt8] = []
    while true {
      let reply = try ask(request(object.count, length), for: operation)
      guard let kind = reply.first else { return nil }
      if isErrorReply(reply) { throw refusal(reply, of: operation) }
      let part = reply.dropFirst()
      let isLast = kind == UInt8(ascii: "l")
      // Without progress it would go on for ever.
      guard isLast || kind == UInt8(ascii: "m") && !part.isEmpty, object.count + part.count <= limit else {
        throw reject(reply, for: operation)
      }
      object += part
      if isLast || isEnough(object) { return object }
    }
  }

  /// `E` and two digits.
  func isErrorReply(_ reply: [UInt8]) -> Bool {
    reply.count == 3 && reply[0] == UInt8(ascii: "E") && bytes(hexadecimal: reply.dropFirst()) != nil
  }

  func refusal(_ reply: [UInt8], of operation: String) -> TargetError {
    .refusedByTarget(operation: operation, code: bytes(hexadecimal: reply.dropFirst())?.first ?? 0)
  }

  /// Ends the connection over a reply that makes no sense.
  func reject(_ reply: [UInt8], for operation: String) -> TargetError {
    fail(.protocolViolation(received: printable(reply), during: operation))
  }
}
