/// The bytes that frame packets on the wire ("Overview" in the GDB manual's appendix on its remote protocol).
public enum Framing {
  /// `$`: a packet starts here, whatever came before.
  public static let packetStart: UInt8 = 0x24
  /// `%`: a notification starts here; it is never acknowledged.
  public static let notificationStart: UInt8 = 0x25
  /// `#`: two hexadecimal digits of checksum follow.
  public static let checksumStart: UInt8 = 0x23
  /// `}`: the next byte was XORed with ``escapeMask``.
  public static let escape: UInt8 = 0x7d
  /// Bit 5, by which an escaped byte differs from what is meant.
  public static let escapeMask: UInt8 = 0x20
  /// `*`: the next byte says how often the byte before is repeated.
  public static let run: UInt8 = 0x2a
  /// `+`: the packet came through.
  public static let acknowledge: UInt8 = 0x2b
  /// `-`: the packet did not come through; send it again.
  public static let refuse: UInt8 = 0x2d
  /// Ctrl-C, sent outside any packet: stop the target.
  public static let interrupt: UInt8 = 0x03

  /// A repeat count n travels as the printable byte n + 29.
  public static let runBias: UInt8 = 29
  /// Shorter runs are not worth encoding, and their counts would not be printable.
  public static let shortestRun = 3
  /// 97 + 29 is `~`, the last printable byte.
  public static let longestRun = 97
  /// `$`, the checksum's `#` and its two digits.
  public static let overhead = 4

  /// Whether a byte of binary data can only travel escaped.
  public static func mustEscape(_ byte: UInt8) -> Bool {
    byte == packetStart || byte == checksumStart || byte == escape || byte == run
  }
}
