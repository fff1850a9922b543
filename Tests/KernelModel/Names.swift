internal import KernelObjects

/// The name of an object. It is never given twice, also when one object is made of the memory of another.
struct ObjectName: Hashable, Comparable {
  let number: Int

  /// Interrupt lines, and what there is one of, are objects that always were.
  static func line(_ irq: Int) -> ObjectName { ObjectName(number: -1 - irq) }
  static let irqControl = ObjectName(number: -1000)
  static let debug = ObjectName(number: -1001)

  static func < (left: ObjectName, right: ObjectName) -> Bool { left.number < right.number }
}

/// The name of a capability, wherever it is moved. It is never given twice.
struct CapabilityName: Hashable, Comparable {
  let number: Int

  /// What boot's capabilities are derived from. It is in no slot.
  static let origin = CapabilityName(number: 0)

  static func < (left: CapabilityName, right: CapabilityName) -> Bool { left.number < right.number }
}

/// A slot: the `index`-th of a CNode or Domain, or the only one of an interrupt line.
struct Place: Hashable {
  var holder: ObjectName
  var index: Int

  static func own(_ slot: Domain.OwnSlot, of domain: ObjectName) -> Place {
    Place(holder: domain, index: Int(slot.rawValue))
  }

  static func line(_ irq: Int) -> Place { Place(holder: .line(irq), index: 0) }
}

/// Why nothing was done.
struct Refused: Error {
  var status: Status
  /// 0 is the invoked capability, n is message word n - 1.
  var argument: UInt64 = 0
  var detail: UInt64 = 0

  init(_ status: Status, argument: UInt64 = 0, detail: UInt64 = 0) {
    self.status = status
    self.argument = argument
    self.detail = detail
  }
}
