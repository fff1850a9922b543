public import DriverProtocol
internal import KernelObjects
public import LibVesper

/// What drivers that serve clients have in common: one endpoint for all that happens, the clients' memory, and the right
/// to answer those whose requests are under way.
///
/// The driver's notification is bound to its domain, so that its interrupts come where the requests come.
public struct ClientService: Sendable {
  public enum Event: Sendable {
    case interrupt
    /// To be answered, now or later. Clients are numbered from 0.
    case request(client: UInt64, Message)
  }

  private let endpoint = EndpointCapability(ProgramSlot.endpoint.pointer)
  private let handler = IRQHandlerCapability(ProgramSlot.irqHandler.pointer)
  private let cnode = CNodeCapability(ProgramSlot.cnode.pointer)
  public private(set) var memory: ClientMemory

  /// The badge with which the driver's interrupt arrives; a client's is its number and one.
  public static let interruptBadge: UInt64 = 1 << 63

  /// Slots of the driver's CNode that it fills itself.
  private enum Slot {
    static let arrival: UInt64 = 16
    static let firstCaller: UInt64 = 24
    static let firstSegment: UInt64 = 32
  }

  public init() {
    memory = ClientMemory(
      cnode: cnode, arrival: CapabilityPointer(rawValue: Slot.arrival), firstSlot: Slot.firstSegment)
  }

  /// The device is ready: its interrupts come from now on.
  public func begin() throws(Refusal) {
    let notification = NotificationCapability(ProgramSlot.notification.pointer)
    try DomainCapability(ProgramSlot.domain.pointer).bind(notification)
    try handler.bind(notification)
  }

  /// The device was served: lets it interrupt again.
  public func acknowledge() throws(Refusal) { try handler.acknowledge() }

  /// Waits for what concerns the driver; what is shared is taken care of here.
  public mutating func next() throws(Refusal) -> Event {
    while true {
      let received = try endpoint.receive(into: memory.arrival)
      if received.badge == Self.interruptBadge { return .interrupt }
      let client = received.badge &- 1
      let isShared = received.message.label == DriverRequest.share.rawValue
      if received.hasCapability && !(isShared && client < ClientMemory.clientCount) {
        try memory.forgetArrival()
      }
      guard client < ClientMemory.clientCount else {
        try answer(.unknownRequest)
        continue
      }
      guard isShared else { return .request(client: client, received.message) }
      let isKept = received.hasCapability ? try memory.share(from: client) : false
      try answer(isKept ? .done : .cannotShare)
    }
  }

  /// Answers the request that came last.
  public func answer(_ answer: DriverAnswer, _ word0: UInt64 = 0, _ word1: UInt64 = 0) throws(Refusal) {
    try ReplyCapability.reply(Message(label: answer.rawValue, words: [word0, word1]))
  }

  /// Keeps the right to answer the request that came last for `finish`.
  public func postpone(for client: UInt64) throws(Refusal) {
    try cnode.saveReply(to: Slot.firstCaller + client)
  }

  /// Answers the client whose request was postponed. It may be gone meanwhile, and its right with it.
  public func finish(_ client: UInt64, _ answer: DriverAnswer, _ word: UInt64 = 0) {
    let reply = ReplyCapability(CapabilityPointer(rawValue: Slot.firstCaller + client))
    _ = try? reply.send(Message(label: answer.rawValue, words: [word]))
  }
}
