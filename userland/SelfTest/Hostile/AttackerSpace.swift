internal import KernelObjects
internal import LibVesper

/// What an attacker finds in its CNode at first: one capability of each kind, some of them dangerous to itself.
enum AttackerSlot: UInt64 {
  case cnode = 1
  case domain
  case emptyProtectionDomain
  case untyped
  case endpoint
  case badgedEndpoint
  case notification
  case badgedNotification
  case segment
  case frame
  case otherFrame
  case pageTable
  case timeSlice
  case irqHandler
  /// A domain that does not run, to be started, stopped and torn down.
  case victim
  case ownProtectionDomain
  /// The endpoint of a server that must not come to harm.
  case service

  /// log2 of the slots of the CNode; what is above `service` is empty.
  static let radix: UInt64 = 5
  static let count = AttackerSlot.service.rawValue

  var type: CapabilityType {
    switch self {
    case .cnode: .cnode
    case .domain, .victim: .domain
    case .emptyProtectionDomain, .ownProtectionDomain: .protectionDomain
    case .untyped: .untyped
    case .endpoint, .badgedEndpoint, .service: .endpoint
    case .notification, .badgedNotification: .notification
    case .segment: .segment
    case .frame, .otherFrame: .frame
    case .pageTable: .pageTable
    case .timeSlice: .timeSlice
    case .irqHandler: .irqHandler
    }
  }
}

/// The page that an attacker shares with its supervisor.
struct AttackerRecord {
  /// System calls made.
  var calls: UInt64
  /// How many of them the kernel carried out, or refused by each status.
  var outcomes: InlineArray<20, UInt64>
}
