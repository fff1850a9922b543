/// One place where the interrupt controller and the kernel's interrupt lines do not say the same.
package struct InterruptDifference: Hashable, Sendable {
  /// INTID; nil if the difference concerns the controller as a whole.
  package let line: Int?
  /// The architecture's name of the register.
  package let register: String
  /// What the controller says.
  package let controller: String
  /// What the kernel's objects say.
  package let kernel: String

  /// The difference as a sentence.
  package var finding: Finding {
    Finding(
      object: line.map { "irq[\($0)]" } ?? "interrupt controller", field: register,
      text: "the controller has it \(controller); the kernel's objects say \(kernel)")
  }
}

/// The registers of the interrupt controller compared with the kernel's interrupt lines.
///
/// The kernel masks a line while its handler has it, ends each interrupt before it does anything else, and never
/// sends one itself; so at rest a line is enabled exactly if somebody waits for it, none is active, and none below 16
/// is pending.
package struct InterruptAudit: Sendable {
  package private(set) var differences: [InterruptDifference] = []
  /// Lines that were compared; 0 if the controller could not be read.
  package let lineCount: Int

  private static let firstPrivateLine = InterruptControllerState.firstPrivateLine
  private static let firstSharedLine = 32

  package init(_ controller: InterruptControllerState, _ snapshot: Snapshot) {
    lineCount = controller.lineCount
    guard lineCount > 0 else { return }
    if controller.forwards == false {
      differences.append(
        InterruptDifference(
          line: nil, register: "GICD_CTLR", controller: "off", kernel: "that it is in use"))
    }
    // Lines that the kernel has no entry for are nobody's.
    let records = Dictionary(snapshot.state.irqs.map { ($0.line, $0) }) { first, _ in first }
    for line in 0..<lineCount {
      compareState(
        line, records[line], controller, isBound: records[line].map { snapshot.slots[$0.slot] != nil })
      compareRouting(line, records[line], controller)
    }
  }

  private mutating func compareState(
    _ line: Int, _ record: IRQRecord?, _ controller: InterruptControllerState, isBound: Bool?
  ) {
    let isServed = record.map { $0.isKernel || $0.isIssued } ?? false
    let isWanted = record.map { $0.isKernel || $0.isIssued && !$0.isMasked } ?? false
    if let isEnabled = controller.isEnabled(line), line >= Self.firstPrivateLine, isEnabled != isWanted {
      let reason =
        !isServed ? "that nobody serves it" : isWanted ? "that it is unmasked" : "that it is masked"
      add(line, .enabled, isEnabled ? "enabled" : "disabled", reason + (isBound == true ? " and bound" : ""))
    }
    if controller.isActive(line) == true {
      add(line, .active, "active", "that its interrupts are ended as they are taken")
    }
    if line < Self.firstPrivateLine, controller.isPending(line) == true {
      add(line, .pending, "pending", "that none is ever sent")
    }
  }

  private mutating func compareRouting(
    _ line: Int, _ record: IRQRecord?, _ controller: InterruptControllerState
  ) {
    guard let record, record.isKernel || record.isIssued else { return }
    if let isEdge = controller.isEdge(line), line >= Self.firstSharedLine, isEdge != record.isEdge {
      add(
        line, .configuration, isEdge ? "edge triggered" : "level sensitive",
        record.isEdge ? "edge triggered" : "level sensitive")
    }
    if controller.processorCount > 1, line >= Self.firstSharedLine,
      let targets = controller.bits(.targets, of: line), targets != 1
    {
      add(
        line, .targets, "targeted at processors \(hexadecimal(UInt64(targets)))", "that it is the first one's"
      )
    }
  }

  private mutating func add(
    _ line: Int, _ register: InterruptControllerState.Register, _ controller: String, _ kernel: String
  ) {
    differences.append(
      InterruptDifference(line: line, register: register.name(line), controller: controller, kernel: kernel))
  }
}
