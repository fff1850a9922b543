package import Inspection
internal import TargetLink

/// What was saved of a system.
package struct SavedMemory: Sendable {
  /// Bytes of memory in the file, and those of them that could not be read and are zeros there.
  package var size, missing: UInt64
  /// Whether the kernel's objects in it are of one moment.
  package var consistency: Snapshot.Consistency
}

extension CommandSession {
  /// Writes all memory of the system into a core file.
  ///
  /// A target that cannot be read while it runs is stopped meanwhile, others only if `stopping`. `progress` is told
  /// the bytes done and all bytes, and ends it with false.
  package func save(
    to path: String, stopping: Bool, progress: (_ done: UInt64, _ all: UInt64) -> Bool
  ) throws(CommandError) -> SavedMemory {
    let ranges = try memoryRanges()
    let result = try read(stopping: stopping) {
      () throws(TargetError) -> Result<SavedMemory, CoreWriter.Failure> in
      let before = try Snapshot.epoch(of: target, layouts)
      let isStopped = target.state != .running
      let registers =
        isStopped && target.capabilities.contains(.registers) ? try target.readRegisters() : []
      var saved = SavedMemory(size: 0, missing: 0, consistency: .consistent)
      do throws(CoreWriter.Failure) {
        let outcome = try CoreWriter(target: target, ranges: ranges, registers: registers)
          .write(to: path, progress: progress)
        saved.size = outcome.size
        saved.missing = outcome.missing
      } catch {
        return .failure(error)
      }
      let after = try Snapshot.epoch(of: target, layouts)
      saved.consistency = Self.consistency(before, after, isStopped: isStopped)
      return .success(saved)
    }
    switch result {
    case .success(let saved): return saved
    case .failure(.target(let error)): throw CommandError(error)
    case .failure(.file(let path, let reason)):
      throw CommandError(.outputFailed, "cannot write \(path.printable): \(reason)")
    case .failure(.interrupted): throw CommandError(.refused, "interrupted; nothing was saved")
    }
  }

  private static func consistency(
    _ before: UInt64, _ after: UInt64, isStopped: Bool
  ) -> Snapshot.Consistency {
    if before != after { return .torn(before: before, after: after) }
    if before.isMultiple(of: 2) { return .consistent }
    return isStopped ? .amidChange : .torn(before: before, after: after)
  }

  /// What the way in can read; else what the kernel says is memory.
  private func memoryRanges() throws(CommandError) -> [MemoryRange] {
    if let ranges = target.memoryRanges { return ranges }
    let regions = try snapshot().state.regions.filter { $0.kind != "device" && $0.size > 0 }
    // Regions that touch are one segment; what overlaps is written once.
    return regions.sorted { $0.base < $1.base }.reduce(into: []) { ranges, region in
      let size = Int(clamping: min(region.size, .max - region.base))
      guard let last = ranges.last, region.base - last.address <= UInt64(last.count) else {
        return ranges.append(MemoryRange(address: region.base, count: size))
      }
      let end = max(last.address + UInt64(last.count), region.base + UInt64(size))
      ranges[ranges.count - 1].count = Int(clamping: end - last.address)
    }
  }
}
