public import KernelObjects
public import LibVesper

/// A pager that is a domain: it hears of its clients' faults, and of what the owner of its memory wants, at one Endpoint.
///
/// It needs the right to receive there, capabilities to the array's segments and to the frames, and the window and the
/// store in its address space. It needs no capability to its clients, and the array is not in its address space.
public struct PagerServer {
  /// What is told to the domain when it begins.
  public struct Configuration {
    public var endpoint: CapabilityPointer
    /// Whoever calls with this badge is the owner; all others are clients.
    public var ownerBadge: UInt64
    public var resources: Pager.Resources

    public init(endpoint: CapabilityPointer, ownerBadge: UInt64, resources: Pager.Resources) {
      self.endpoint = endpoint
      self.ownerBadge = ownerBadge
      self.resources = resources
    }
  }

  /// Labels of the owner's requests. The answer is labelled by a `Status` and tells the `Statistics`.
  public enum Request: UInt64 {
    case tell = 1
    /// Takes as many frames as word 0 says from the clients. What they wrote is kept, for their next fault there.
    case takeBack = 2
  }

  /// Words of an answer to the owner.
  public struct Statistics {
    /// Pages that clients have now, and that were given, taken back, and saved since the start.
    public var resident, given, taken, saved: UInt64

    public init(_ answer: Message) {
      resident = answer.words[0]
      given = answer.words[1]
      taken = answer.words[2]
      saved = answer.words[3]
    }
  }

  private let endpoint: EndpointCapability
  private let ownerBadge: UInt64
  private var pager: Pager

  /// - Throws: if the first segment is none.
  public init(_ configuration: Configuration) throws(Refusal) {
    endpoint = EndpointCapability(configuration.endpoint)
    ownerBadge = configuration.ownerBadge
    pager = try Pager(configuration.resources)
  }

  /// Serves for ever.
  ///
  /// - Throws: when its Endpoint is gone.
  public mutating func run() throws(Refusal) -> Never {
    var received = try endpoint.receive()
    while true {
      let answer = received.badge == ownerBadge ? serveOwner(received.message) : serveFault(received.message)
      received = try endpoint.replyReceive(answer)
    }
  }

  /// A client that cannot be served stays stopped.
  private mutating func serveFault(_ fault: Message) -> Message {
    let address = fault.words[1]
    // WnR of a data abort (Arm ARM, D17.2.37).
    let isWrite = fault.words[2] >> 6 & 1 != 0
    let isServed =
      fault.label == UInt64(FaultKind.dataAbort.rawValue)
      && (try? pager.serve(address: address, isWrite: isWrite)) == true
    return Message(label: isServed ? FaultAnswer.resume.rawValue : 1)
  }

  private mutating func serveOwner(_ message: Message) -> Message {
    var status = Status.ok.rawValue
    switch Request(rawValue: message.label) {
    case .tell: break
    case .takeBack:
      do throws(Refusal) {
        try pager.takeBack(Int(min(message.words[0], UInt64(Pager.frameLimit))))
      } catch {
        status = error.rawStatus
      }
    case nil: status = Status.invalidInvocation.rawValue
    }
    return Message(
      label: status,
      words: [UInt64(pager.residentCount), pager.pagesGiven, pager.pagesTaken, pager.pagesSaved])
  }
}
