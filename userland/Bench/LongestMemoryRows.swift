internal import KernelObjects
internal import LibVesper

/// Retype, and translation tables.
extension Yard {
  func retypeRows() throws(Refusal) {
    try retypeRow("retype-endpoints", .endpoint)
    try retypeRow("retype-cnodes", .cnode, sizeBits: 4)
    try retypeRow("retype-domains", .domain)
    try retypeRow("retype-segments", .segment)
    try retypeRow("retype-untypeds", .untyped, sizeBits: 12)
    try retypeRow("retype-large", .cnode, sizeBits: 16, count: 1)
    try retypeRow("retype-frames", .frame, count: 7)
  }

  private func retypeRow(
    _ name: StaticString, _ type: CapabilityType, sizeBits: UInt64 = 0, count: UInt64 = batchLimit
  ) throws(Refusal) {
    try longest(name) { () throws(Refusal) in
      try arena.retype(type, sizeBits: sizeBits, count: count, into: cnode, at: 0)
    }
    try clear()
  }

  func tableRows() throws(Refusal) {
    try translateRow()
    try segmentRow()
    try pageTableRow()
    try protectionDomainRow()
  }

  /// A segment of 512 pages that follow each other in memory.
  private func fullSegment() throws(Refusal) -> SegmentCapability {
    try make(.segment, at: 0)
    try make(.frame, count: SegmentCapability.pageCount, at: 1)
    let segment = SegmentCapability(pointer(0))
    for page in 0..<SegmentCapability.pageCount {
      try segment.map(FrameCapability(pointer(1 + page)), at: page, rights: .readWrite)
    }
    return segment
  }

  private func translateRow() throws(Refusal) {
    let segment = try fullSegment()
    try longest("translate") { () throws(Refusal) in _ = try segment.translate(0) }
    try clear()
  }

  private func segmentRow() throws(Refusal) {
    _ = try fullSegment()
    try longest("delete-segment") { () throws(Refusal) in try root.delete(firstSlot) }
    try clear()
  }

  /// A table of level 1 with 512 tables below it, in which 256 segments are attached.
  private func pageTableRow() throws(Refusal) {
    try make(.protectionDomain, at: 0)
    try make(.segment, count: 256, at: 520)
    let first = SegmentCapability(pointer(520))
    try fillLevel1(try first.address() >> 39)
    for index in 0..<UInt64(256) {
      let segment = SegmentCapability(pointer(520 + index))
      try ProtectionDomainCapability(pointer(0)).attach(segment, rights: .read)
    }
    try longest("delete-page-table") { () throws(Refusal) in try root.delete(firstSlot + 1) }
    try clear()
  }

  /// Installs a table of level 1, for addresses from `number` times 512 GiB on, and all 512 tables below it, in slots of
  /// the root CNode from 1 on.
  private func fillLevel1(_ number: UInt64) throws(Refusal) {
    let tables: UInt64 = 512
    try make(.pageTable, count: 1 + tables, at: 1)
    let protectionDomain = ProtectionDomainCapability(pointer(0))
    try protectionDomain.install(PageTableCapability(pointer(1)), for: number << 39)
    for place in 0..<tables {
      let table = PageTableCapability(pointer(2 + place))
      try protectionDomain.install(table, for: number << 39 + place << 30)
    }
  }

  /// 64 tables of level 1, of which four are full.
  private func protectionDomainRow() throws(Refusal) {
    try make(.protectionDomain, at: 0)
    for number in 0..<UInt64(4) {
      try fillLevel1(number)
      // Their slots are used again.
      for index in 0..<UInt64(513) { try cnode.move(to: number * 513 + index, from: slot(1 + index)) }
    }
    try make(.pageTable, count: 60, at: 1)
    for number in 0..<UInt64(60) {
      try ProtectionDomainCapability(pointer(0))
        .install(PageTableCapability(pointer(1 + number)), for: (4 + number) << 39)
    }
    try longest("delete-protection-domain") { () throws(Refusal) in try root.delete(firstSlot) }
    try clear()
  }
}
