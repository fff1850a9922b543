internal import BenchInstructions
internal import KernelObjects
internal import LibVesper
internal import RootSupport

/// Pages and segments.
extension Workshop {
  private static let count: UInt64 = 256

  mutating func mappingRows() throws(Refusal) {
    try pageRows()
    try shareRow()
  }

  private mutating func pageRows() throws(Refusal) {
    let segment = try allocator.segment()
    try allocator.attach(segment, to: protectionDomain, rights: .readWrite)
    let first = try allocator.objects(.frame, count: Self.count)
    let rights = UInt64(Rights.readWrite.rawValue)
    let map = bench_registers(.segmentMap, on: segment.pointer, [first.rawValue, 0, rights])
    report("map", try Counter.measure(map, count: Self.count, steps: [1, 1, 0, 0, 0, 0]))
    let unmap = bench_registers(.segmentUnmap, on: segment.pointer, [first.rawValue])
    report("unmap", try Counter.measure(unmap, count: Self.count, steps: [1, 0, 0, 0, 0, 0]))
  }

  /// One attachment each of segments that lie side by side: 512 pages that become reachable, each time.
  private mutating func shareRow() throws(Refusal) {
    let first = try allocator.objects(.segment, count: Self.count)
    // Makes the tables above them.
    for index in 0..<Self.count {
      let segment = SegmentCapability(CapabilityPointer(rawValue: first.rawValue + index))
      try allocator.attach(segment, to: protectionDomain, rights: .read)
      try protectionDomain.detach(segment)
    }
    let rights = UInt64(Rights.read.rawValue)
    let attach = bench_registers(
      .protectionDomainAttach, on: protectionDomain.pointer, [first.rawValue, rights])
    report("share", try Counter.measure(attach, count: Self.count, steps: [1, 0, 0, 0, 0, 0]))
    let detach = bench_registers(.protectionDomainDetach, on: protectionDomain.pointer, [first.rawValue])
    report("unshare", try Counter.measure(detach, count: Self.count, steps: [1, 0, 0, 0, 0, 0]))
  }
}
