package import TargetLink

extension Snapshot {
  /// Reads all objects, again if the kernel changed them meanwhile.
  ///
  /// The epoch is odd while the kernel changes its objects. If it is the same even number before and after, the
  /// snapshot is exact; after `limits.attempts`, or if so much happened meanwhile that it would again, the last one
  /// is returned as torn.
  package static func take(
    of target: any Target, layouts: KernelLayouts, includingTables: Bool = false,
    limits: SnapshotLimits = SnapshotLimits(), meter: WorkMeter = WorkMeter()
  ) throws(TargetError) -> Snapshot {
    var attempt = 1
    while true {
      let before = try epoch(of: target, layouts)
      let reader = SnapshotReader(
        target: target, layouts: layouts, limits: limits, includesTables: includingTables,
        meter: meter)
      meter.begin(.reading)
      let state = try reader.read()
      let after = try epoch(of: target, layouts)
      let consistency = judge(before: before, state: state.epoch, after: after, target.state)
      let isHopeless = after &- before > limits.epochDistance
      if attempt >= limits.attempts || isHopeless || consistency == .consistent || consistency == .amidChange
      {
        return Snapshot(reader, state: state, consistency: consistency)
      }
      attempt += 1
    }
  }

  /// Whether nothing has changed since it was taken: the epoch is still the same.
  package func isCurrent(in target: any Target) throws(TargetError) -> Bool {
    guard consistency == .consistent else { return false }
    return try Self.epoch(of: target, layouts) == state.epoch
  }

  private static func judge(before: UInt64, state: UInt64, after: UInt64, _ run: RunState) -> Consistency {
    guard before == after, before == state else { return .torn(before: before, after: after) }
    if before.isMultiple(of: 2) { return .consistent }
    return run == .running ? .torn(before: before, after: after) : .amidChange
  }

  /// The kernel's epoch now: odd while it changes its objects.
  package static func epoch(of target: any Target, _ layouts: KernelLayouts) throws(TargetError) -> UInt64 {
    if let epoch = try target.readEpoch() { return epoch }
    let field = layouts.state.epoch
    let bytes = try target.readPhysical(
      address: layouts.constants.state &+ UInt64(field.offset), count: field.size)
    return ByteView(bytes).integer(at: 0, size: field.size)
  }
}
