internal import GDBProtocol

/// Packets in and out over a byte channel, and the text between them.
///
/// It acknowledges what comes through; what to do about what does not is decided by its owner, who knows what
/// was asked.
final class PacketLink {
  /// What came from the other side.
  enum Arrival: Equatable {
    case packet([UInt8])
    case acknowledgement
    case refusal
    /// A frame that cannot be used: its checksum is wrong, or it is longer than ``longestPayload``.
    case damaged(beginning: [UInt8])
  }

  /// In bytes, decoded. Whoever sends more is not a stub that knows its own `PacketSize`.
  static let longestPayload = 64 * 1024

  let channel: ByteChannel
  /// False once both sides have agreed on `QStartNoAckMode`.
  var acknowledges = true
  /// Called with text outside of packets.
  var onText: ([UInt8]) -> Void = { _ in }

  private let received = PacketStorage(capacity: longestPayload)
  private let written = PacketStorage(capacity: 2 * longestPayload + Framing.overhead)
  private var receiver: PacketReceiver
  private var writer: PacketWriter
  private var outgoing = OutgoingBytes([])
  private var hasPosted = false
  /// The last byte was console text and not the end of its line.
  private var isInsideLine = false
  /// Parsed and not yet taken; of one transfer at most, so it cannot grow without bound.
  private var arrivals: ArraySlice<Arrival> = []
  private let log: PacketLog?
  /// How many bytes of a frame have come.
  private var frameSize = 0

  init(_ channel: ByteChannel, log: PacketLog? = nil) {
    self.channel = channel
    self.log = log
    receiver = PacketReceiver(buffer: received.buffer, expandsRuns: true)
    writer = PacketWriter(buffer: written.buffer)
  }

  /// The beginning of a frame that has not ended, which text with a `$` in it looks like.
  var unfinished: [UInt8] {
    receiver.isInsideFrame ? [Framing.packetStart] + receiver.payload.part(from: 0, limit: 40).array : []
  }

  /// Queues a packet. It is sent while ``next(until:during:)`` waits.
  func post(_ payload: [UInt8]) {
    hasPosted = true
    writer.begin()
    for byte in payload { writer.append(binary: byte) }
    // Requests are made here, from a PacketSize that was checked: none is longer than the storage.
    guard let frame = writer.end() else { preconditionFailure("a request longer than any packet") }
    outgoing.append(frame.array)
    log?.note(.sent, count: frame.count, PacketName.ofRequest(payload), payload)
  }

  /// Queues bytes outside of any packet.
  func post(bare bytes: UInt8...) {
    outgoing.append(bytes)
    for byte in bytes { log?.note(.sent, count: 1, PacketName.ofBareByte(byte), [byte]) }
  }

  /// The next arrival; `nil` if there is none before the deadline.
  func next(until deadline: Deadline, during operation: String) throws(TargetError) -> Arrival? {
    while true {
      if let arrival = arrivals.popFirst() { return arrival }
      parse(try channel.transfer(&outgoing, until: deadline, during: operation))
      // Also with a deadline in the past, what had come already is returned.
      if arrivals.isEmpty, deadline.hasPassed { return nil }
    }
  }

  /// Sends what is queued, as far as it can be done before the deadline.
  func flush(until deadline: Deadline, during operation: String) throws(TargetError) {
    while !outgoing.isEmpty, !deadline.hasPassed {
      parse(try channel.transfer(&outgoing, until: deadline, during: operation))
    }
  }

  private func parse(_ bytes: ArraySlice<UInt8>) {
    var new: [Arrival] = []
    var text: [UInt8] = []
    var loggedText = 0
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let plain = takePlain(bytes, from: index)
      frameSize += plain
      index += plain
      guard index < bytes.endIndex else { break }
      let byte = bytes[index]
      index += 1
      frameSize += 1
      let event = receiver.receive(byte)
      if let arrival = arrival(event) {
        log(text: text[loggedText...])
        loggedText = text.count
        log(event, lastByte: byte)
        if acknowledges, event == .packet { post(bare: Framing.acknowledge) }
        new.append(arrival)
      } else {
        text += self.text(event, byte)
      }
      if !receiver.isInsideFrame { frameSize = 0 }
      isInsideLine = text.last.map { $0 != UInt8(ascii: "\n") } ?? (isInsideLine && new.isEmpty)
    }
    log(text: text[loggedText...])
    if !text.isEmpty { onText(text) }
    arrivals = arrivals + new
  }

  /// Has the receiver take what is inside of a frame and means only itself.
  private func takePlain(_ bytes: ArraySlice<UInt8>, from index: Int) -> Int {
    guard receiver.isInsideFrame else { return 0 }
    return bytes[index...].withUnsafeBytes { line in
      // The receiver only reads from it.
      receiver.receivePlain(ByteBuffer(UnsafeMutableRawBufferPointer(mutating: line)), from: 0)
    }
  }

  /// What an event means to the owner, if it is more than text.
  private func arrival(_ event: PacketReceiver.Event) -> Arrival? {
    switch event {
    case .packet: return .packet(receiver.payload.array)
    case .damaged, .tooLong:
      return .damaged(beginning: receiver.payload.part(from: 0, limit: 40).array)
    case .acknowledgement where acknowledges && hasPosted: return .acknowledgement
    // Until the stub has the first packet, a console's text comes plain, and hyphens are part of it.
    case .refusal where acknowledges && hasPosted && !isInsideLine: return .refusal
    // Notifications exist in non-stop mode only, which is never asked for.
    case .pending, .interrupt, .notification, .abandoned, .acknowledgement, .refusal, .text: return nil
    }
  }

  /// What of an event that is no arrival is text.
  private func text(_ event: PacketReceiver.Event, _ byte: UInt8) -> [UInt8] {
    switch event {
    case .abandoned: [Framing.packetStart] + receiver.payload.array
    case .acknowledgement, .refusal, .text: [byte]
    case .pending, .interrupt, .packet, .notification, .damaged, .tooLong: []
    }
  }

  private func log(text: ArraySlice<UInt8>) {
    if !text.isEmpty { log?.note(.received, count: text.count, "text", text) }
  }

  private func log(_ event: PacketReceiver.Event, lastByte byte: UInt8) {
    guard let log else { return }
    let payload = receiver.payload.array
    switch event {
    case .packet: log.note(.received, count: frameSize, PacketName.ofReply(payload), payload)
    case .damaged: log.note(.received, count: frameSize, "damaged", payload)
    case .tooLong: log.note(.received, count: frameSize, "too long", payload)
    default: log.note(.received, count: 1, PacketName.ofBareByte(byte), [byte])
    }
  }
}
