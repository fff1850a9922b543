package import TargetLink

extension Snapshot {
  /// Reads all objects, again if the kernel changed them meanwhile.
  ///
  /// The epoch is odd while the kernel changes its objects. If it is the same even number before and after, the
  /// snapshot is exact. Otherwise it is read again: some times by a slow way in, unless so much happened meanwhile
  /// that it would again; many times by one at the speed of memory. The last one is returned as torn if none was exact.
  package static func take(
    of target: any Target, layouts: KernelLayouts, includingTables: Bool = false,
    limits: SnapshotLimits = SnapshotLimits(), meter: WorkMeter = WorkMeter()
  ) throws(TargetError) -> Snapshot {
    let memory = SnapshotMemory(target)
    var attempt = 1
    while true {
      let isGathered = try memory.gather()
      let earlier = isGathered ? nil : try epoch(of: target, layouts)
      let reader = SnapshotReader(
        memory: memory, layouts: layouts, limits: limits, includesTables: includingTables, meter: meter)
      meter.begin(.reading)
      let state = try reader.read()
      let before = earlier ?? state.epoch
      // All of one moment has one epoch.
      let isOfOneMoment = isGathered && !memory.isBeyondFetched
      let after = isOfOneMoment ? state.epoch : try epoch(of: target, layouts)
      let consistency = judge(before: before, state: state.epoch, after: after, target.state)
      let snapshot = Snapshot(reader, state: state, consistency: consistency)
      if consistency == .consistent || consistency == .amidChange { return snapshot }
      if target.capabilities.contains(.readsAtOnce) {
        return try takeAtOnce(of: target, memory, like: snapshot, limits, meter) ?? snapshot
      }
      let isHopeless = after &- before > limits.epochDistance
      if attempt >= limits.attempts || isHopeless { return snapshot }
      attempt += 1
    }
  }

  /// A snapshot of what is fetched between two equal epochs; `nil` if the kernel does not rest long enough.
  private static func takeAtOnce(
    of target: any Target, _ memory: SnapshotMemory, like torn: Snapshot, _ limits: SnapshotLimits,
    _ meter: WorkMeter
  ) throws(TargetError) -> Snapshot? {
    let layouts = torn.layouts
    let field = layouts.state.epoch
    let place = MemoryRange(address: layouts.constants.state &+ UInt64(field.offset), count: field.size)
    let affordable = max(limits.attempts, limits.quickBytes / max(1, memory.askedSize))
    for _ in 0..<min(limits.quickAttempts, affordable) {
      guard meter.advance(by: memory.askedSize / 4096) else { throw .interrupted }
      guard let (before, after) = try memory.fetchAgain(epoch: place) else { return nil }
      guard before == after, before.isMultiple(of: 2) else { continue }
      memory.forgetAsked()
      let reader = SnapshotReader(
        memory: memory, layouts: layouts, limits: limits, includesTables: torn.includesTables,
        meter: meter)
      let state = try reader.read()
      // Objects that are new since the last attempt were read behind the second epoch.
      let last = memory.isBeyondFetched ? try epoch(of: target, layouts) : after
      if judge(before: before, state: state.epoch, after: last, target.state) == .consistent {
        return Snapshot(reader, state: state, consistency: .consistent)
      }
    }
    return nil
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
