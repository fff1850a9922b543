package import TargetLink

/// What a GIC's distributor says of its lines (GICv2 architecture specification, 4.3).
package struct InterruptControllerState: Sendable {
  /// One bit a line, 32 lines a register; nil where the register could not be read.
  private let enabled: [UInt32?]
  private let pending: [UInt32?]

  /// GICD_ISENABLERn.
  private static let setEnable: UInt64 = 0x100
  /// GICD_ISPENDRn.
  private static let setPending: UInt64 = 0x200

  /// Reads the registers of the lines that the kernel knows. Reading them changes nothing.
  package static func read(from target: any Target, snapshot: Snapshot) throws(TargetError)
    -> InterruptControllerState
  {
    let distributor = snapshot.layouts.constants.distributor
    let count = distributor == 0 ? 0 : (snapshot.state.irqs.count + 31) / 32
    let offsets =
      (0..<count).map { setEnable + UInt64($0) * 4 } + (0..<count).map { setPending + UInt64($0) * 4 }
    let answers = try target.readPhysical(offsets.map { MemoryRange(address: distributor &+ $0, count: 4) })
    let words = answers.map { bytes in
      bytes.map { UInt32(truncatingIfNeeded: ByteView($0).integer(at: 0, size: 4)) }
    }
    return InterruptControllerState(
      enabled: Array(words.prefix(count)), pending: Array(words.dropFirst(count)))
  }

  package func isEnabled(_ line: Int) -> Bool? { Self.bit(line, of: enabled) }

  package func isPending(_ line: Int) -> Bool? { Self.bit(line, of: pending) }

  private static func bit(_ line: Int, of words: [UInt32?]) -> Bool? {
    guard line / 32 < words.count, let word = words[line / 32] else { return nil }
    return word >> UInt32(line % 32) & 1 != 0
  }
}
