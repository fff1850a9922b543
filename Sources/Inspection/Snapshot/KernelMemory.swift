package import TargetLink

extension KernelLayouts {
  private static let blockSize: UInt64 = 2 << 20

  /// From the first byte of memory that the kernel knows to the last: what lies outside is a device's, or nothing.
  ///
  /// Whole blocks, since what firmware left at the memory's start is in no region. `nil` if the kernel names none.
  package func memorySpan(of target: any Target) throws(TargetError) -> Range<UInt64>? {
    let table = state.regions
    let address = constants.state &+ UInt64(table.offset)
    let view = ByteView(try target.readPhysical(address: address, count: table.stride * table.count))
    var span: Range<UInt64>?
    for index in 0..<table.count {
      let offset = index * table.stride
      guard let kind = state.regionNames[view.integer(state.region.kind, from: offset)],
        kind == "ram" || kind == "kernel"
      else { continue }
      let start = view.integer(state.region.base, from: offset) & ~(Self.blockSize - 1)
      let (end, isBeyond) = view.integer(state.region.base, from: offset).addingReportingOverflow(
        view.integer(state.region.size, from: offset))
      guard !isBeyond, start < end else { continue }
      span = min(span?.lowerBound ?? start, start)..<max(span?.upperBound ?? end, end)
    }
    return span
  }
}
