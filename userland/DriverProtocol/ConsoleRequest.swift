/// What a console driver can be asked, as message labels.
public enum ConsoleRequest: UInt64, Sendable {
  /// w0 address, w1 bytes.
  case write = 2
  /// w0 address, w1 bytes at most, of which at least one comes; answers w0 how many.
  case read = 3
}
