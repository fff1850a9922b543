internal import SystemPackage

/// A monitor of a QEMU, whichever of its two languages it speaks: QMP for machines, HMP for people.
///
/// A monitor serves one client, and another is kept waiting without a word.
struct QEMUMonitor {
  private enum Language { case machine, human }

  private let channel: ByteChannel
  private let timeout: Duration
  private var language = Language.machine
  private static let longestAnswer = 256 * 1024
  private static let prompt = "(qemu) "

  /// Connects, and waits for the greeting.
  ///
  /// With `processID`, a unix socket at whose other end another process listens is refused.
  init(
    address: ChannelAddress, processID: Int32? = nil, timeout: Duration = .seconds(10)
  ) throws(TargetError) {
    channel = try address.open()
    self.timeout = timeout
    if let processID, let peer = channel.peerProcess, peer != processID {
      throw .refused(address: channel.name, .notPermitted)
    }
    let greeting = try receive(during: "greeting QEMU's monitor") {
      $0.contains("\"QMP\"") && $0.hasSuffix("\n") || $0.hasSuffix(Self.prompt)
    }
    if greeting.hasSuffix(Self.prompt) { language = .human } else { _ = try execute("qmp_capabilities") }
  }

  /// Lets the monitor serve somebody else.
  func close() { channel.close() }

  /// Has a command without arguments done by QMP, and returns its answer in JSON.
  func execute(_ command: String, arguments: String = "{}") throws(TargetError) -> String {
    let operation = "asking QEMU's monitor for `\(command)`"
    let line = "{\"execute\":\"\(command)\",\"arguments\":\(arguments)}\n"
    try channel.send(Array(line.utf8), until: .after(timeout), during: operation)
    // Events may come before the answer.
    let answer = try receive(during: operation) {
      ($0.contains("\"return\"") || $0.contains("\"error\"")) && $0.hasSuffix("\n")
    }
    guard answer.contains("\"return\"") else {
      throw .protocolViolation(received: printable(answer.utf8), during: operation)
    }
    return answer
  }

  /// Has a command for people done, and returns what it prints.
  func executeHuman(_ command: String) throws(TargetError) -> String {
    let operation = "asking QEMU's monitor for `\(command)`"
    if language == .machine {
      let answer = try execute(
        "human-monitor-command", arguments: "{\"command-line\":\"\(JSONText.escaped(command))\"}")
      guard let text = JSONText.string(after: "\"return\"", in: answer) else {
        throw .protocolViolation(received: printable(answer.utf8), during: operation)
      }
      return text
    }
    try channel.send(Array("\(command)\n".utf8), until: .after(timeout), during: operation)
    // The line is echoed letter by letter; what it prints begins on the next.
    let answer = try receive(during: operation) { $0.contains("\n") && $0.hasSuffix(Self.prompt) }
    return answer.splitOnce(at: "\n").map { String($0.1.dropLast(Self.prompt.count)) } ?? ""
  }

  private func receive(
    during operation: String, until isComplete: (String) -> Bool
  ) throws(TargetError) -> String {
    let deadline = Deadline.after(timeout)
    var answer: [UInt8] = []
    var text = ""
    while !isComplete(text) {
      if answer.count > Self.longestAnswer {
        throw .protocolViolation(received: printable(answer), during: operation)
      }
      if deadline.hasPassed { throw .timedOut(waitingFor: "an answer to \(operation)") }
      answer += try channel.receive(until: deadline, during: operation)
      // A carriage return and a newline are one Character.
      text = String(decoding: answer.filter { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
    }
    return text
  }
}

/// What a monitor knows of the guest's memory.
extension QEMUMonitor {
  private static let mostPieces = 64

  /// All memory of the guest, and where the QEMU has it.
  func guestMemory() throws(TargetError) -> [GuestMemory.Piece] {
    let ranges = Self.memoryRanges(try executeHuman("info mtree -f")).prefix(Self.mostPieces)
    var pieces: [GuestMemory.Piece] = []
    for range in ranges {
      let answer = try executeHuman("gpa2hva \(hexadecimal(range.first))")
      guard let digits = answer.split(separator: " is 0x").last?.prefix(while: \.isHexDigit),
        answer.hasPrefix("Host virtual address"), let host = UInt64(digits, radix: 16)
      else { continue }
      pieces.append(
        GuestMemory.Piece(guest: range.first, size: range.last - range.first + 1, host: host))
    }
    return pieces
  }

  /// The lines `START-END (prio N, ram): NAME` of the address space that the processor has.
  static func memoryRanges(_ tree: String) -> [(first: UInt64, last: UInt64)] {
    let views = tree.split(separator: "FlatView #")
    guard let view = views.first(where: { $0.contains("AS \"memory\"") }) else { return [] }
    return view.split(separator: "\n").compactMap { line in
      guard line.contains(", ram): "), let place = line.split(separator: " ").first,
        let (first, last) = place.splitOnce(at: "-"), let start = UInt64(first, radix: 16),
        let end = UInt64(last, radix: 16), start <= end, end < .max
      else { return nil }
      return (start, end)
    }
  }
}
