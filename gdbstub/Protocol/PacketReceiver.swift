/// Makes packets of the bytes of a line, one byte at a time.
///
/// It serves both ends of the line: the stub's requests and the client's replies are framed alike, only that
/// replies may be run-length encoded. Nothing a hostile peer sends makes it trap or write outside its buffer;
/// a `$` starts anew whatever came before, so it recovers from a client that vanished in the middle of a
/// packet.
public struct PacketReceiver {
  /// What a byte has completed.
  public enum Event: Equatable, Sendable {
    /// Nothing yet: the byte belongs to a frame.
    case pending
    /// A packet with the right checksum: see ``payload``.
    case packet
    /// A notification with the right checksum: see ``payload``.
    case notification
    /// A frame whose checksum is wrong, or whose escapes, runs or checksum digits are not well formed.
    case damaged
    /// A frame with more bytes than the buffer holds.
    case tooLong
    /// A new frame starts inside another one, of which ``payload`` holds what had come: perhaps text with a
    /// `$` in it.
    case abandoned
    /// `+` outside any frame (which is text to somebody who awaits no acknowledgement).
    case acknowledgement
    /// `-` outside any frame (likewise).
    case refusal
    /// Ctrl-C outside any frame.
    case interrupt
    /// Any other byte outside any frame: console text.
    case text(UInt8)
  }

  private enum State {
    case outside, body, escaped, run, firstDigit
    case secondDigit(UInt8)
  }

  private let buffer: ByteBuffer
  private let expandsRuns: Bool
  private let takesNotifications: Bool
  private var state = State.outside
  private var isNotification = false
  private var count = 0
  /// The byte before as it was on the wire, which is what a run repeats; nil where none can start.
  private var previous: UInt8?
  private var checksum: UInt8 = 0
  private var isMalformed = false
  private var isOverfull = false
  /// The frame's bytes are kept until the byte after its end, for the owner to read.
  private var startsAfresh = true

  /// - Parameters:
  ///   - buffer: where payloads are collected; its size is the longest payload (decoded) that is accepted.
  ///   - expandsRuns: for a client; requests are never run-length encoded, and `*` is plain data in them.
  ///   - takesNotifications: whether `%` outside a frame starts a notification; it is text otherwise.
  public init(buffer: ByteBuffer, expandsRuns: Bool = false, takesNotifications: Bool = false) {
    self.buffer = buffer
    self.expandsRuns = expandsRuns
    self.takesNotifications = takesNotifications
  }

  /// The decoded bytes of the frame that the last ``receive(_:)`` reported, valid until the next one.
  public var payload: ByteBuffer { buffer.part(from: 0, limit: count) }

  /// Whether a frame has begun and not ended: text that looks like one leaves the receiver here.
  public var isInsideFrame: Bool {
    if case .outside = state { false } else { true }
  }

  /// Gives up a frame that has begun.
  public mutating func reset() {
    state = .outside
    count = 0
  }

  /// Takes the next byte of the line.
  public mutating func receive(_ byte: UInt8) -> Event {
    if case .outside = state { return receiveOutside(byte) }
    if byte == Framing.packetStart {
      if startsAfresh { count = 0 }
      begin(notification: false)
      return .abandoned
    }
    if startsAfresh {
      startsAfresh = false
      count = 0
    }
    return receiveInside(byte)
  }

  /// Takes the bytes of `line` from `offset` on for which ``receive(_:)`` would do no more than keep them: those of a
  /// frame that are neither escaped nor a run nor its end. Most of a long reply is, and goes several times as fast.
  ///
  /// - Returns: how many it took.
  public mutating func receivePlain(_ line: ByteBuffer, from offset: Int) -> Int {
    guard case .body = state, !startsAfresh else { return 0 }
    var index = offset
    var sum = checksum
    var last: UInt8?
    while let word = line.word(at: index), Self.isPlain(word), buffer.store(word: word, at: count) {
      count &+= 8
      index &+= 8
      sum = sum &+ Self.sum(of: word)
      last = UInt8(truncatingIfNeeded: word &>> 56)
    }
    while let byte = line.byte(at: index), Self.isPlain(byte), buffer.store(byte, at: count) {
      count &+= 1
      index &+= 1
      sum = sum &+ byte
      last = byte
    }
    checksum = sum
    if let last { previous = last }
    return index &- offset
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    byte != Framing.packetStart && byte != Framing.checksumStart && byte != Framing.escape
      && byte != Framing.run
  }

  /// Eight bytes of the value 1.
  private static var eachByte: UInt64 { 0x0101_0101_0101_0101 }

  /// Whether each of eight bytes is plain. Some that are may be said not to be.
  private static func isPlain(_ word: UInt64) -> Bool {
    (zeros(in: word ^ eachByte &* UInt64(Framing.packetStart))
      | zeros(in: word ^ eachByte &* UInt64(Framing.checksumStart))
      | zeros(in: word ^ eachByte &* UInt64(Framing.escape))
      | zeros(in: word ^ eachByte &* UInt64(Framing.run))) == 0
  }

  /// Of its bytes, modulo 256: added up by twos, which need 9 bits of 16, then all by the highest part of a product.
  private static func sum(of word: UInt64) -> UInt8 {
    let everySecond: UInt64 = 0x00ff_00ff_00ff_00ff
    let pairs = (word & everySecond) &+ (word &>> 8 & everySecond)
    return UInt8(truncatingIfNeeded: (pairs &* 0x0001_0001_0001_0001) &>> 48)
  }

  /// Not 0 if a byte is 0: only below such a byte can the subtraction borrow.
  private static func zeros(in word: UInt64) -> UInt64 {
    (word &- eachByte) & ~word & (eachByte &* 0x80)
  }

  private mutating func receiveOutside(_ byte: UInt8) -> Event {
    switch byte {
    case Framing.packetStart: begin(notification: false)
    case Framing.notificationStart where takesNotifications: begin(notification: true)
    case Framing.acknowledge: return .acknowledgement
    case Framing.refuse: return .refusal
    case Framing.interrupt: return .interrupt
    default: return .text(byte)
    }
    return .pending
  }

  private mutating func begin(notification: Bool) {
    isNotification = notification
    state = .body
    previous = nil
    checksum = 0
    isMalformed = false
    isOverfull = false
    startsAfresh = true
  }

  private mutating func receiveInside(_ byte: UInt8) -> Event {
    switch state {
    case .firstDigit:
      state = .secondDigit(byte)
      return .pending
    case .secondDigit(let first):
      return end(first, byte)
    case .outside, .body, .escaped, .run:
      receiveBody(byte)
      return .pending
    }
  }

  private mutating func receiveBody(_ byte: UInt8) {
    if byte == Framing.checksumStart {
      // `}` or `*` without its second byte.
      if case .body = state {} else { isMalformed = true }
      state = .firstDigit
      return
    }
    checksum = checksum &+ byte
    switch state {
    case .escaped:
      append(byte ^ Framing.escapeMask)
      previous = byte
      state = .body
    case .run:
      expandRun(byte)
      state = .body
    default:
      receiveLiteral(byte)
    }
  }

  private mutating func receiveLiteral(_ byte: UInt8) {
    if byte == Framing.escape {
      previous = nil
      state = .escaped
    } else if byte == Framing.run, expandsRuns {
      state = .run
    } else {
      append(byte)
      previous = byte
    }
  }

  private mutating func expandRun(_ length: UInt8) {
    let shortest = Framing.runBias &+ UInt8(Framing.shortestRun)
    let longest = Framing.runBias &+ UInt8(Framing.longestRun)
    guard let previous, length >= shortest, length <= longest else {
      isMalformed = true
      return
    }
    for _ in Framing.runBias..<length { append(previous) }
  }

  private mutating func append(_ byte: UInt8) {
    if buffer.store(byte, at: count) {
      count &+= 1
    } else {
      isOverfull = true
    }
  }

  private mutating func end(_ first: UInt8, _ second: UInt8) -> Event {
    state = .outside
    guard let high = Hexadecimal.value(of: first), let low = Hexadecimal.value(of: second), !isMalformed,
      high << 4 | low == checksum
    else { return .damaged }
    if isOverfull { return .tooLong }
    return isNotification ? .notification : .packet
  }
}
