/// QEMU's machine-readable monitor (QMP), as far as commands without arguments go.
///
/// Messages are lines of JSON; only whether an answer is `return` or `error` is looked at here.
struct QEMUMonitor {
  private let channel: ByteChannel
  private static let timeout = Duration.seconds(10)
  private static let longestAnswer = 64 * 1024

  init(socket path: String) throws(TargetError) {
    channel = try .connect(unixSocket: path)
    _ = try execute("qmp_capabilities")
  }

  func execute(_ command: String) throws(TargetError) -> String {
    let operation = "asking QEMU's monitor for `\(command)`"
    let deadline = Deadline.after(Self.timeout)
    try channel.send(Array("{\"execute\":\"\(command)\"}\n".utf8), until: deadline, during: operation)
    var answer = ""
    // Events, and the greeting, may come before the answer.
    while !answer.contains("\"return\"") || answer.utf8.last != UInt8(ascii: "\n") {
      if answer.contains("\"error\"") || answer.utf8.count > Self.longestAnswer {
        throw .protocolViolation(received: printable(answer.utf8), during: operation)
      }
      if deadline.hasPassed { throw .timedOut(waitingFor: "QEMU's monitor to answer `\(command)`") }
      answer += String(decoding: try channel.receive(until: deadline, during: operation), as: UTF8.self)
    }
    return answer
  }
}
