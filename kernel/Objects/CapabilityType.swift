/// What a capability names; the number is stored in bits 59...63 of its first word.
public enum CapabilityType: UInt8, Sendable {
  case null = 0
  case untyped = 1
  case cnode = 2
  case domain = 3
  case protectionDomain = 4
  case pageTable = 5
  case segment = 6
  case frame = 7
  case endpoint = 8
  case notification = 9
  case reply = 10
  case timeSlice = 11
  case irqControl = 12
  case irqHandler = 13
  case debug = 14
  /// A CNode or Domain whose last capability is gone and whose slots are being emptied.
  case zombie = 15

  /// The field's own word for the type, as the debugger prints and accepts it.
  public var name: StaticString {
    switch self {
    case .null: "null"
    case .untyped: "untyped"
    case .cnode: "cnode"
    case .domain: "domain"
    case .protectionDomain: "protection-domain"
    case .pageTable: "page-table"
    case .segment: "segment"
    case .frame: "frame"
    case .endpoint: "endpoint"
    case .notification: "notification"
    case .reply: "reply"
    case .timeSlice: "time-slice"
    case .irqControl: "irq-control"
    case .irqHandler: "irq-handler"
    case .debug: "debug"
    case .zombie: "zombie"
    }
  }
}

// `allCases` is an array, which the kernel cannot have.
#if !hasFeature(Embedded)
  extension CapabilityType: CaseIterable {}
#endif
