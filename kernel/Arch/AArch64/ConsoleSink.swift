/// Where console text goes.
public protocol ConsoleSink {
  /// Takes one byte of text.
  static func putChar(_ byte: UInt8)
}
