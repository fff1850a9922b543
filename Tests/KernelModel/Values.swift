internal import HostedKernel
internal import KernelObjects

/// What is in a slot.
struct CapabilityValue {
  let name: CapabilityName
  let type: CapabilityType
  let object: ObjectName
  /// What it was derived from; nil is a Domain's reply master, which was derived from nothing.
  var parent: CapabilityName?
  var rights: Rights = .all
  /// Endpoint and Notification.
  var badge: UInt64 = 0
  /// CNode.
  var guardSize: UInt64 = 0
  var guardValue: UInt64 = 0
  /// Reply: whether replies are derived from it, rather than given with it.
  var isMaster = false
  /// Frame: where it is mapped.
  var mapping: Mapping?
  /// PageTable and Segment: where it is entered.
  var entry: TableEntry?
}

/// A page of a segment.
struct Mapping: Equatable {
  var segment: ObjectName
  var index: UInt64
  var rights: Rights
}

/// A place in the translation tree of a ProtectionDomain: the table at `depth` (1...3) that covers the addresses
/// which begin with `prefix`, 9 bits for each level.
struct TableEntry: Equatable {
  var protectionDomain: ObjectName
  var depth: UInt64
  var prefix: UInt64
  var rights: Rights = .all

  init(_ protectionDomain: ObjectName, depth: UInt64, address: UInt64, rights: Rights = .all) {
    self.protectionDomain = protectionDomain
    self.depth = depth
    prefix = address >> (48 - 9 * depth)
    self.rights = rights
  }

  /// Whether the way to `other` leads through this one.
  func isAbove(_ other: TableEntry) -> Bool {
    protectionDomain == other.protectionDomain && depth < other.depth
      && other.prefix >> (9 * (other.depth - depth)) == prefix
  }

  func isSamePlace(as other: TableEntry) -> Bool {
    protectionDomain == other.protectionDomain && depth == other.depth && prefix == other.prefix
  }
}

struct UntypedValue {
  var sizeBits: UInt64
  var isDevice: Bool
  /// Bytes handed out, from its start.
  var watermark: UInt64 = 0
}

struct FrameValue {
  var isDevice: Bool
  /// Whether nobody knows what is in it.
  var isUnknown = false
  /// What most words are, and what the others are, by their number.
  private(set) var fill: UInt64 = 0
  private(set) var others: [Int: UInt64] = [:]

  init(isDevice: Bool, isUnknown: Bool = false) {
    self.isDevice = isDevice
    self.isUnknown = isUnknown
  }

  /// A word by its number, 0...511.
  subscript(word: Int) -> UInt64 {
    get { others[word] ?? fill }
    set { others[word] = newValue }
  }

  mutating func scribble(_ word: UInt64) {
    fill = word
    others = [:]
  }
}

struct EndpointValue {
  var senders: [ObjectName] = []
  var receivers: [ObjectName] = []
}

struct NotificationValue {
  var pending: UInt64 = 0
  var waiters: [ObjectName] = []
  /// The Domain that receives its signals.
  var bound: ObjectName?
}

struct LineValue {
  var isIssued = false
  var isKernel = false
  var isEdge = false
  var isMasked = false
  var isMaskedAtController = false
  var count: UInt64 = 0
  /// What its handlers may take of others' slots in a window, took, and since when.
  var budget: UInt64 = HostMachine.tickCounts / 10
  var spent: UInt64 = 0
  var window: UInt64 = 0
  var isThrottled = false
}

/// A line whose handler runs in another's slot.
struct Service {
  let irq: Int
  var since: UInt64
  let end: UInt64
}

/// What a Domain does.
enum Activity: Equatable {
  case inactive
  case ready
  case sending(ObjectName)
  case receiving(ObjectName)
  case awaitingReply
  case waiting(ObjectName)
  case lending

  var state: DomainState {
    switch self {
    case .inactive: .inactive
    case .ready: .ready
    case .sending: .blockedOnSend
    case .receiving: .blockedOnReceive
    case .awaitingReply: .blockedOnReply
    case .waiting: .blockedOnNotification
    case .lending: .lending
    }
  }
}

/// How a message is sent, apart from its words.
struct Sending: Equatable {
  var badge: UInt64 = 0
  var isCall = false
  var mayGrant = false
  var isFault = false
}

struct DomainValue {
  /// x0...x30, sp, pc, pstate, tpidr.
  var registers = [UInt64](repeating: 0, count: RegisterFrame.count)
  /// FPSR, FPCR, v0...v31.
  var floatingPoint = [UInt64](repeating: 0, count: FloatingPointState.registers.count)
  var activity = Activity.inactive
  /// Of the message that it sends or wants answered.
  var sending = Sending()
  var faultKind = FaultKind.none
  var faultAddress: UInt64 = 0
  var faultSyndrome: UInt64 = 0
  var boundNotification: ObjectName?
  var ticks: UInt64 = 0
  /// Times that an activation, or its return, gave it other registers.
  var contextChanges = 0
  var name: (UInt64, UInt64) = (0, 0)

  static let stackPointer = 31
  static let programCounter = 32
  static let programStatus = 33
}
