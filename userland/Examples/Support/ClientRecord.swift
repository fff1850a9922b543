internal import _Volatile

/// What a scheduler, one of its clients and the root domain share: words of memory that all of them see.
public struct ClientRecord: Sendable {
  /// Virtual address of the first word.
  public let address: UInt64

  /// Bytes.
  private static let size: UInt64 = 32

  /// `base` is the virtual address of all records.
  public init(of client: UInt64, at base: UInt64) { address = base + client * Self.size }

  /// What the root domain gives the client: tickets, or microseconds of a period.
  public var given: UInt64 {
    get { read(0) }
    nonmutating set { write(0, newValue) }
  }

  /// What the client did.
  public var count: UInt64 {
    get { read(1) }
    nonmutating set { write(1, newValue) }
  }

  /// Whether somebody woke the client who has not come to its end since.
  public var isReady: Bool {
    get { read(2) != 0 }
    nonmutating set { write(2, newValue ? 1 : 0) }
  }

  /// How often the client found itself running while one before it was ready.
  public var outOfTurn: UInt64 {
    get { read(3) }
    nonmutating set { write(3, newValue) }
  }

  private func read(_ word: UInt64) -> UInt64 {
    // Safety: the root domain maps the records, for reading and writing, before it starts anybody who uses them.
    unsafe VolatileMappedRegister<UInt64>(unsafeBitPattern: UInt(address + word * 8)).load()
  }

  private func write(_ word: UInt64, _ value: UInt64) {
    // Safety: as in `read`.
    unsafe VolatileMappedRegister<UInt64>(unsafeBitPattern: UInt(address + word * 8)).store(value)
  }
}
