/// The types of capabilities this debugger knows; the raw value is the name in the kernel's descriptor.
package enum ObjectKind: String, CaseIterable, Sendable {
  case null
  case untyped
  case cnode
  case domain
  case protectionDomain = "protection-domain"
  case pageTable = "page-table"
  case segment
  case frame
  case endpoint
  case notification
  case reply
  case timeSlice = "time-slice"
  case irqControl = "irq-control"
  case irqHandler = "irq-handler"
  case debug
  case zombie
  /// A number the descriptor does not name, or a name this debugger does not know.
  case unknown
}

/// What identifies a kernel object: its address, or for what has no memory, its numbers.
package struct ObjectID: Hashable, Sendable {
  package var kind: ObjectKind
  package var key: UInt64

  package init(_ kind: ObjectKind, _ key: UInt64) {
    self.kind = kind
    self.key = key
  }

  /// Few objects have the same key.
  package func hash(into hasher: inout Hasher) { hasher.combine(key) }
}
