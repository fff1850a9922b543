internal import GDBStub
internal import KernelArch
internal import KernelCore
internal import KernelObjects

// gdb's threads are the domains, and the processor itself while it executes the kernel or waits.
extension KernelTarget {
  var currentThread: ThreadID {
    if case .kernel = context { return .processor }
    return ThreadID(domain: kernel.state.current) ?? .processor
  }

  /// Whether the processor has nothing to run, and waits in the kernel.
  var isWaiting: Bool {
    if case .kernel = context { return false }
    return kernel.state.current == 0
  }

  func isAlive(_ thread: ThreadID) -> Bool {
    if thread == .processor { return currentThread == .processor }
    return object(.domain, after: thread.domain &- 1) == thread.domain
  }

  /// The processor comes first, then the domains by address.
  func thread(after thread: ThreadID?) -> ThreadID? {
    if thread == nil, isAlive(.processor) { return .processor }
    return object(.domain, after: thread?.domain ?? 0).flatMap { ThreadID(domain: $0) }
  }

  func describe(_ thread: ThreadID, in text: inout ReplyText) {
    if thread == .processor {
      text.append(isWaiting ? "idle" : "kernel")
      return
    }
    let domain = Reference<Domain>(thread.domain)
    writeName(of: domain, into: &text)
    if let state = DomainState(rawValue: domain.object.state) {
      text.append(" ")
      text.append(state.name)
      if state != .held, hold(of: thread) != nil { text.append(", held") }
    }
  }

  func writeName(of domain: Reference<Domain>, into text: inout ReplyText) {
    for index in 0..<16 {
      let byte = domain.object.name[index]
      if byte == 0 { return }
      text.append(byte)
    }
  }
}

extension ThreadID {
  /// The processor while it executes the kernel or waits.
  static let processor = ThreadID.first

  /// The thread of the Domain at a physical address; 0 has none.
  init?(domain: UInt64) {
    guard domain != 0 else { return nil }
    self.init(domain &>> Domain.sizeBits)
  }

  /// Physical address of the thread's Domain.
  var domain: UInt64 { number &<< Domain.sizeBits }
}
