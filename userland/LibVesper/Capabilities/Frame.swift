internal import KernelObjects

/// One page of memory.
public struct FrameCapability: TypedCapability {
  public let pointer: CapabilityPointer

  @inlinable
  public init(_ pointer: CapabilityPointer) { self.pointer = pointer }

  public func physicalAddress() throws(Refusal) -> UInt64 {
    try invoke(.frameGetAddress, on: pointer).words[0]
  }

  /// Makes instructions that were written to the page visible to instruction fetch.
  public func synchronizeInstructions() throws(Refusal) {
    _ = try invoke(.frameSynchronizeInstructions, on: pointer)
  }
}
