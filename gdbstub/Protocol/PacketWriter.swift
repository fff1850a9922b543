/// Builds one packet at a time in a buffer: frame, escapes, run-length encoding and checksum.
///
/// A packet that does not fit is noticed at ``end()``, so that no call in between needs a check. The packet
/// stays in the buffer to be sent again, until the next ``begin(_:)``.
public struct PacketWriter {
  private let buffer: ByteBuffer
  /// Whether runs are encoded. For replies only: nobody expands them in requests.
  public var encodesRuns: Bool
  private var count = 0
  private var checksum: UInt8 = 0
  /// The last byte put out, if a run may grow from it, and how many more of it have come.
  private var runByte: UInt8?
  private var repeats = 0
  private var isOverfull = false

  /// - Parameters:
  ///   - buffer: must hold the longest packet, as it is on the wire.
  ///   - encodesRuns: see ``encodesRuns``.
  public init(buffer: ByteBuffer, encodesRuns: Bool = false) {
    self.buffer = buffer
    self.encodesRuns = encodesRuns
  }

  /// The packet as it stands, complete after ``end()``.
  public var frame: ByteBuffer { buffer.part(from: 0, limit: count) }

  /// How many more bytes surely fit, the checksum left aside.
  public var room: Int { max(0, buffer.count &- count &- repeats &- (Framing.overhead &- 1)) }

  /// Starts a packet, or a notification with ``Framing/notificationStart``; what was begun before is
  /// forgotten.
  public mutating func begin(_ start: UInt8 = Framing.packetStart) {
    count = 0
    isOverfull = false
    runByte = nil
    repeats = 0
    put(start)
    checksum = 0
  }

  /// Appends a character that needs no escape.
  public mutating func append(_ byte: UInt8) {
    guard encodesRuns else { return put(byte) }
    if byte == runByte {
      repeats &+= 1
    } else {
      flushRun()
      runByte = byte
      put(byte)
    }
  }

  /// Appends text that needs no escape.
  public mutating func append(_ text: StaticString) {
    text.forEachByte { append($0) }
  }

  /// Appends two digits for each byte.
  public mutating func append(hex bytes: ByteBuffer) {
    bytes.forEach { append(hex: $0) }
  }

  /// Appends a byte of any value, escaped if it must be.
  public mutating func append(binary byte: UInt8) {
    guard Framing.mustEscape(byte) else { return append(byte) }
    flushRun()
    // No run may start at an escaped byte: gdb would repeat it as it is on the wire, lldb as it is meant.
    runByte = nil
    put(Framing.escape)
    put(byte ^ Framing.escapeMask)
  }

  /// Appends the same byte so many times.
  public mutating func append(binary byte: UInt8, count: Int) {
    guard count > 0 else { return }
    append(binary: byte)
    guard encodesRuns, byte == runByte else {
      for _ in 1..<count { append(binary: byte) }
      return
    }
    repeats &+= count &- 1
  }

  /// Appends two digits.
  public mutating func append(hex byte: UInt8) {
    append(Hexadecimal.digit(byte >> 4))
    append(Hexadecimal.digit(byte))
  }

  /// Appends a number, most significant digit first, without leading zeros.
  public mutating func append(number: UInt64) {
    var shift: UInt64 = 60
    while shift > 0, number &>> shift == 0 { shift &-= 4 }
    while true {
      append(Hexadecimal.digit(UInt8(truncatingIfNeeded: number &>> shift)))
      if shift == 0 { return }
      shift &-= 4
    }
  }

  /// Appends the low `bytes` bytes of a value, two digits each, least significant byte first: how a
  /// little-endian target shows a register.
  public mutating func append(littleEndian value: UInt64, bytes: Int) {
    var rest = value
    var left = bytes
    while left > 0 {
      append(hex: UInt8(truncatingIfNeeded: rest))
      rest &>>= 8
      left &-= 1
    }
  }

  /// Completes the packet and returns it, or nil if the buffer is too small for it.
  public mutating func end() -> ByteBuffer? {
    flushRun()
    runByte = nil
    let sum = checksum
    put(Framing.checksumStart)
    put(Hexadecimal.digit(sum >> 4))
    put(Hexadecimal.digit(sum))
    return isOverfull ? nil : frame
  }

  private mutating func put(_ byte: UInt8) {
    checksum = checksum &+ byte
    if buffer.store(byte, at: count) {
      count &+= 1
    } else {
      isOverfull = true
    }
  }

  /// Writes the repeats that have come: encoded where that is shorter, byte by byte otherwise.
  private mutating func flushRun() {
    guard let byte = runByte else { return }
    while repeats >= Framing.shortestRun {
      let length = encodableLength(repeats)
      put(Framing.run)
      put(Framing.runBias &+ UInt8(truncatingIfNeeded: length))
      repeats &-= length
      // A second run needs a byte of its own to repeat.
      if repeats > 0 {
        put(byte)
        repeats &-= 1
      }
    }
    while repeats > 0 {
      put(byte)
      repeats &-= 1
    }
  }

  /// The longest run of at most `repeats` whose count is not `#` (6) or `$` (7) on the wire.
  private func encodableLength(_ repeats: Int) -> Int {
    repeats == 6 || repeats == 7 ? 5 : min(repeats, Framing.longestRun)
  }
}
