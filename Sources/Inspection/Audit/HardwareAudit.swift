package import TargetLink

/// Everything that the hardware says for itself, compared with a snapshot of the kernel's objects.
package struct HardwareAudit {
  /// Differences of the translation of both halves and of the registers that control it.
  package private(set) var translation: [TranslationDifference] = []
  package private(set) var tableCount: Int
  package private(set) var descriptorCount: Int
  package let interrupts: InterruptAudit
  /// Differences that are too many to be kept.
  package private(set) var omitted: Int
  /// What could not be compared, each a sentence.
  package private(set) var obstacles: [String] = []

  package var differenceCount: Int { translation.count + interrupts.differences.count + omitted }

  /// `snapshot` includes the translation tables.
  package init(_ snapshot: Snapshot, of target: any Target) throws(TargetError) {
    let user = TranslationAudit(snapshot)
    translation = user.differences.all
    tableCount = user.tableCount
    descriptorCount = user.descriptorCount
    omitted = user.differences.omitted
    let controller = try InterruptControllerState.read(from: target, snapshot: snapshot)
    // Lines are masked and unmasked all the time: two moments would differ without anything being wrong.
    let isOneMoment = try snapshot.isCurrent(in: target)
    interrupts = InterruptAudit(isOneMoment ? controller : InterruptControllerState(), snapshot)
    obstacles += snapshot.layouts.regime.obstacles.map { "the processor translates with \($0): not compared" }
    if let kernel = try KernelMapAudit.run(snapshot, from: target) {
      translation += kernel.differences.all
      tableCount += kernel.tableCount
      descriptorCount += kernel.descriptorCount
      omitted += kernel.differences.omitted
    } else {
      obstacles.append("the kernel does not say where the tables of its own half are: not compared")
    }
    try compareRegisters(snapshot, target)
    explain(controller, snapshot, target)
  }

  /// Of a stopped system whose way in has registers.
  private mutating func compareRegisters(_ snapshot: Snapshot, _ target: any Target) throws(TargetError) {
    guard target.capabilities.contains(.registers) else {
      return obstacles.append("\(target.wayIn) has no registers of the processor: not compared")
    }
    guard target.state != .running else {
      return obstacles.append("the processor's registers can be read only when it is stopped: not compared")
    }
    let list = RegisterAudit.compare(try target.readRegisters(), with: snapshot)
    translation += list.all
    omitted += list.omitted
  }

  private mutating func explain(
    _ controller: InterruptControllerState, _ snapshot: Snapshot, _ target: any Target
  ) {
    guard interrupts.lineCount == 0 else { return }
    if controller.lineCount > 0, snapshot.consistency == .amidChange {
      obstacles.append("the kernel is changing its objects: the interrupt controller was not compared")
    } else if controller.lineCount > 0 {
      obstacles.append(
        "the kernel changed its objects meanwhile: the interrupt controller was not compared; add --stop")
    } else if snapshot.layouts.constants.distributor == 0 {
      obstacles.append("the kernel says of no interrupt controller: not compared")
    } else if let hazard = target.deviceHazard {
      obstacles.append("\(hazard): not compared; use the kernel's own stub")
    } else {
      obstacles.append("the interrupt controller cannot be read over \(target.wayIn): not compared")
    }
  }
}
