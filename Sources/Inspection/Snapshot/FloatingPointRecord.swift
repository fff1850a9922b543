package import TargetLink

/// The floating-point registers that a Domain's object holds.
package struct FloatingPointRecord: Sendable {
  package struct Register: Sendable {
    package let name: String
    package let bitWidth: Int
    package let low, high: UInt64
  }

  /// v0...v31, fpsr, fpcr.
  package let registers: [Register]
  /// Whether the processor holds the Domain's registers, so that these are what it had before.
  package let isInProcessor: Bool

  /// Reads those of a domain.
  ///
  /// - Returns: nil if the kernel keeps none.
  package init?(of domain: UInt64, in target: any Target, _ layouts: KernelLayouts) throws(TargetError) {
    guard let layout = layouts.floatingPoint else { return nil }
    let ranges = [
      MemoryRange(
        address: layouts.constants.state &+ UInt64(layout.owner.offset), count: layout.owner.size),
      MemoryRange(address: domain &+ UInt64(layout.offset), count: layout.size),
    ]
    let answers = try target.readPhysical(ranges)
    guard answers.count == 2, let owner = answers[0], let bytes = answers[1] else {
      throw .unreadable(address: ranges[1].address, count: ranges[1].count)
    }
    let view = ByteView(bytes)
    isInProcessor = ByteView(owner).integer(at: 0, size: layout.owner.size) == domain
    let vectors = (0..<FloatingPointLayout.vectorCount).map { number in
      let place = layout.vectors + 16 * number
      return Register(
        name: "v\(number)", bitWidth: 128, low: view.integer(at: place, size: 8),
        high: view.integer(at: place + 8, size: 8))
    }
    let controls = [("fpsr", layout.fpsr), ("fpcr", layout.fpcr)].map { name, field in
      Register(name: name, bitWidth: 32, low: view.integer(field) & 0xffff_ffff, high: 0)
    }
    registers = vectors + controls
  }
}
