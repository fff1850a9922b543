internal import KernelObjects

/// Console output and naming; absent in a production image.
public struct DebugCapability: TypedCapability {
  public let pointer: CapabilityPointer

  @inlinable
  public init(_ pointer: CapabilityPointer) { self.pointer = pointer }

  /// Bytes that one `write` takes at most.
  public static let batchSize = 40

  public func putCharacter(_ byte: UInt8) throws(Refusal) {
    _ = try invoke(.debugPutChar, on: pointer, [UInt64(byte)])
  }

  /// Writes the first `count` bytes, at most `batchSize`, of the little-endian words.
  public func write(_ words: InlineArray<5, UInt64>, count: Int) throws(Refusal) {
    _ = try invoke(
      .debugWrite, on: pointer, [UInt64(count), words[0], words[1], words[2], words[3], words[4]])
  }

  public func setName(of domain: DomainCapability, _ name: DomainName) throws(Refusal) {
    _ = try invoke(.debugSetName, on: pointer, [domain.pointer.rawValue, name.word0, name.word1])
  }
}
