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
    var isFound = false
    forEachDomain { if $0 == thread.domain { isFound = true } }
    return isFound
  }

  /// The processor comes first, then the domains by address.
  func thread(after thread: ThreadID?) -> ThreadID? {
    if thread == nil, isAlive(.processor) { return .processor }
    let last = thread?.domain ?? 0
    var next: UInt64?
    forEachDomain { domain in
      if domain > last, domain < next ?? .max { next = domain }
    }
    return next.flatMap { ThreadID(domain: $0) }
  }

  func describe(_ thread: ThreadID, in text: inout HexText) {
    if thread == .processor {
      text.append(isWaiting ? "idle" : "kernel")
      return
    }
    let domain = Reference<Domain>(thread.domain)
    for index in 0..<16 {
      let byte = domain.object.name[index]
      if byte == 0 { break }
      text.append(byte)
    }
    if let state = DomainState(rawValue: domain.object.state) {
      text.append(" ")
      text.append(state.name)
    }
  }

  /// Visits the Domain of every Domain capability, some more than once: the derivation tree holds them all.
  private func forEachDomain(_ body: (UInt64) -> Void) {
    var walk = DerivationWalk(root: kernel.stateReference.address)
    while let capability = walk.next() {
      if capability.isA(.domain) { body(capability.address) }
    }
  }
}

/// The capabilities below a slot of the derivation tree. The kernel may have been stopped while changing it, so
/// links are followed with care and not for ever.
private struct DerivationWalk {
  private let root: UInt64
  private var slot: UInt64
  private var budget = 1 << 20

  /// - Parameter root: physical address of the slot.
  init(root: UInt64) {
    self.root = root
    slot = root
  }

  mutating func next() -> Capability? {
    guard advance(), let word0 = word(0), let word1 = word(8) else { return nil }
    return Capability(word0: word0, word1: word1)
  }

  /// To the first child, else to the next sibling, else to that of the nearest ancestor that has one.
  private mutating func advance() -> Bool {
    guard let links = word(16) else { return false }
    let child = UInt32(truncatingIfNeeded: links)
    if child != 0 { return go(to: child) }
    while slot != root {
      guard let links = word(16) else { return false }
      let next = UInt32(truncatingIfNeeded: links &>> 32)
      guard go(to: next) else { return false }
      if next & Slot.parentTag == 0 { return true }
    }
    return false
  }

  private mutating func go(to number: UInt32) -> Bool {
    slot = UInt64(number & ~Slot.parentTag) &<< Slot.sizeBits
    budget &-= 1
    return slot != 0 && budget > 0
  }

  private func word(_ offset: UInt64) -> UInt64? {
    let address = DirectMap.virtualAddress(slot &+ offset)
    guard AddressTranslation.place(of: address)?.isDevice == false else { return nil }
    return Probe.load(address, width: 8)
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
