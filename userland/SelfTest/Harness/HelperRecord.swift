internal import Devices
internal import KernelObjects
internal import LibVesper
internal import Pager
internal import SelfTestInstructions

/// What a helper domain is to do, step by step, and what came of it: the first page of its memory.
struct HelperRecord {
  static let stepCount = 12

  var steps: InlineArray<12, HelperStep>
  var answers: InlineArray<12, Answer>
  /// Steps to be done, and done.
  var count: UInt64
  var finished: UInt64
  /// How the helper names its own domain, to suspend itself at the end.
  var domain: UInt64
}

/// One thing that a helper does.
struct HelperStep {
  enum Action: UInt64 {
    case systemCall
    /// Loads from `target`.
    case load
    case loadExclusive
    /// Stores the first word to `target`.
    case store
    /// Calls the code at `target`.
    case execute
    /// Adds one to the word at `target`, again and again.
    case countForever
    /// Sets floating-point registers to the `Vectors` of the first word; counts those that are not; collects all bits.
    case setVectors, countOtherVectors, anyVectorBits
    /// `Vectors.keepForever` at `target`.
    case keepVectorsForever
    /// Raises the line of the PL061 at the first word, counts that at `target`, and gives way, again and again.
    case raiseForever
    /// Waits for the Notification of the second word, counts that at `target`, and acknowledges by the handler of the third,
    /// again and again.
    case serveInterrupts
    /// Answers the calls of the Endpoint `target` for ever: see `serviceAnswer`.
    case serveForever
    /// Makes the request again and again.
    case repeatForever
    /// Answers whatever comes to the Endpoint `target`, so that those who faulted go on.
    case resumeForever
    /// Writes what its slots were like to `target`, a `SlotReport`; the first word is how many.
    case reportSlots
    /// So many rounds of `Work` (`target`) and a yield, again and again.
    case workAndYield
    /// What a `SparseArray` of so many bytes (the first word) at `target` does.
    case fillSparse, checkSparse, checkUntouched
    /// Is a pager, as the `PagerServer.Configuration` at `target` says.
    case servePages
  }

  var action: UInt64
  var request: Request

  init(_ request: Request) {
    action = Action.systemCall.rawValue
    self.request = request
  }

  init(_ action: Action, _ address: UInt64, _ value: UInt64 = 0) {
    self.action = action.rawValue
    request = Request(.yield)
    request.target = address
    request.words[0] = value
  }

  init(forever request: Request) {
    action = Action.repeatForever.rawValue
    self.request = request
  }

  private var vectors: Vectors { Vectors(request.words[0]) }

  private var sparseArray: SparseArray { SparseArray(address: request.target, size: request.words[0]) }

  func perform() -> Answer {
    var answer = Answer()
    switch Action(rawValue: action) {
    case .systemCall: return request.perform()
    case .load: answer.words[0] = selftest_load(request.target)
    case .loadExclusive: answer.words[0] = selftest_load_exclusive(request.target)
    case .store: selftest_store(request.target, request.words[0])
    case .execute: answer.words[0] = selftest_execute(request.target)
    case .countForever: countForever(at: request.target)
    case .setVectors: vectors.set()
    case .countOtherVectors: answer.words[0] = vectors.countOthers()
    case .anyVectorBits: answer.words[0] = Vectors.anyBits()
    case .keepVectorsForever: vectors.keepForever(countingAt: request.target)
    case .raiseForever: raiseForever(GeneralPurposeIO(base: request.words[0]), countingAt: request.target)
    case .serveInterrupts: serveInterrupts(request.words, countingAt: request.target)
    case .serveForever: serveForever(on: EndpointCapability(CapabilityPointer(request.target)))
    case .repeatForever: while true { _ = request.perform() }
    case .resumeForever: resumeForever(on: EndpointCapability(CapabilityPointer(request.target)))
    case .reportSlots: SlotReport.write(slots: request.words[0], to: request.target)
    case .workAndYield:
      while true {
        Work.perform(rounds: request.target)
        Processor.yield()
      }
    case .fillSparse: answer.words[0] = sparseArray.fill()
    case .checkSparse: answer.words[0] = sparseArray.check()
    case .checkUntouched: answer.words[0] = sparseArray.checkUntouched()
    case .servePages: answer.status = servePages(request.target)
    case nil: answer.status = Status.invalidArgument.rawValue
    }
    return answer
  }
}

/// How a helper's pages lie: the record, a gap that is not mapped, the stack.
enum HelperMemory {
  static let stackPage: UInt64 = 2
  static let stackPages: UInt64 = 16
  /// With a gap behind the stack.
  static let pageCount: UInt64 = 19

  /// Behind the record, in its page.
  static func extra(_ record: UInt64) -> UInt64 { record + 0xd00 }

  static func stackEnd(_ record: UInt64) -> UInt64 {
    record + (stackPage + stackPages) << AddressSpace.pageBits
  }
}

private func countForever(at address: UInt64) -> Never {
  var count: UInt64 = 0
  while true {
    count &+= 1
    Memory.write(count, at: address)
  }
}

/// - Returns: why it could not begin, or did not go on.
private func servePages(_ address: UInt64) -> UInt64 {
  // Safety: whoever starts a pager passes the address of its configuration, in the page of its record.
  guard let configuration = unsafe UnsafePointer<PagerServer.Configuration>(bitPattern: UInt(address)) else {
    return Status.invalidArgument.rawValue
  }
  do throws(Refusal) {
    var server = try unsafe PagerServer(configuration.pointee)
    try server.run()
  } catch {
    return error.rawStatus
  }
}

private func raiseForever(_ device: GeneralPurposeIO, countingAt address: UInt64) -> Never {
  while true {
    device.disableInterrupts()
    Memory.write(Memory.read(address) &+ 1, at: address)
    device.interruptWhileLow(1)
    Processor.yield()
  }
}

private func serveInterrupts(_ words: InlineArray<6, UInt64>, countingAt address: UInt64) -> Never {
  let notification = NotificationCapability(CapabilityPointer(words[1]))
  let handler = IRQHandlerCapability(CapabilityPointer(words[2]))
  while true {
    guard (try? notification.wait()) != nil else { continue }
    Memory.write(Memory.read(address) &+ 1, at: address)
    _ = try? handler.acknowledge()
  }
}

private func serveForever(on endpoint: EndpointCapability) -> Never {
  var received = try? endpoint.receive()
  while true {
    var answer = Message(label: 0)
    if let request = received?.message { answer = serviceAnswer(to: request) }
    received = try? endpoint.replyReceive(answer)
  }
}

private func resumeForever(on endpoint: EndpointCapability) -> Never {
  _ = try? endpoint.receive()
  while true { _ = try? endpoint.replyReceive(Message(label: 0)) }
}

/// What a helper that serves answers to a request: as many words.
func serviceAnswer(to request: Message) -> Message {
  var answer = Message(label: (request.label &+ 1) & 0xffff)
  answer.length = request.length
  for index in 0..<Int(request.length) { answer.words[index] = request.words[index] &* 3 &+ UInt64(index) }
  return answer
}

/// A helper's whole life. `address` is its record's.
@c(selftest_helper)
func helperMain(address: UInt64, _: UInt64, _: UInt64) {
  // Safety: whoever starts a helper passes the address of a record that is mapped for reading and writing.
  guard let record = unsafe UnsafeMutablePointer<HelperRecord>(bitPattern: UInt(address)) else { return }
  let count = unsafe Int(record.pointee.count)
  for index in 0..<count {
    unsafe record.pointee.answers[index] = record.pointee.steps[index].perform()
    unsafe record.pointee.finished += 1
  }
  let domain = unsafe DomainCapability(CapabilityPointer(record.pointee.domain))
  while true {
    _ = try? domain.suspend()
    Processor.yield()
  }
}
