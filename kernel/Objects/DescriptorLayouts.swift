/// Publishes where each field of each object is, as the compiler laid it out.
///
/// The key paths are partial ones by name: as Sendable ones, Swift 6 mode's default, they are not folded to constants, and
/// Embedded Swift has no others.
extension DescriptorWriter {
  mutating func object(_ name: StaticString, _ size: Int) {
    unsafe text("object")
    unsafe word(name)
    unsafe number(UInt64(truncatingIfNeeded: size))
    unsafe endLine()
  }

  @inline(__always)
  mutating func field(_ object: StaticString, _ name: StaticString, _ offset: Int?, _ size: Int) {
    guard let offset else { return }
    let place = (UInt32(truncatingIfNeeded: offset), UInt32(truncatingIfNeeded: size))
    unsafe field(at: object.utf8Start, name.utf8Start, place.0, place.1)
  }

  @inline(never)
  private mutating func field(
    at object: UnsafePointer<UInt8>, _ name: UnsafePointer<UInt8>, _ offset: UInt32, _ size: UInt32
  ) {
    unsafe text("field")
    unsafe word(at: object)
    unsafe word(at: name)
    unsafe number(UInt64(offset))
    unsafe number(UInt64(size))
    unsafe endLine()
  }

  mutating func layouts() {
    unsafe slotLayout()
    unsafe domainLayout()
    unsafe controlBlockLayout()
    unsafe registerFrameLayout()
    unsafe floatingPointLayout()
    unsafe endpointLayout()
    unsafe notificationLayout()
    unsafe sliceEntryLayout()
    unsafe irqEntryLayout()
    unsafe memoryRegionLayout()
    unsafe kernelStateLayout()
  }

  private mutating func slotLayout() {
    typealias Object = Slot
    unsafe object("Slot", MemoryLayout<Object>.size)
    unsafe field("Slot", "word0", MemoryLayout<Object>.offset(of: \.word0), MemoryLayout<UInt64>.size)
    unsafe field("Slot", "word1", MemoryLayout<Object>.offset(of: \.word1), MemoryLayout<UInt64>.size)
    unsafe field("Slot", "child", MemoryLayout<Object>.offset(of: \.child), MemoryLayout<UInt32>.size)
    unsafe field("Slot", "next", MemoryLayout<Object>.offset(of: \.next), MemoryLayout<UInt32>.size)
    unsafe field("Slot", "previous", MemoryLayout<Object>.offset(of: \.previous), MemoryLayout<UInt32>.size)
    unsafe field(
      "Slot", "generation", MemoryLayout<Object>.offset(of: \.generation), MemoryLayout<UInt32>.size)
  }

  private mutating func domainLayout() {
    typealias Object = Domain
    unsafe object("Domain", MemoryLayout<Object>.size)
    unsafe field(
      "Domain", "registers", MemoryLayout<Object>.offset(of: \.registers), MemoryLayout<RegisterFrame>.size)
    unsafe field("Domain", "cnodeRoot", MemoryLayout<Object>.offset(of: \.cnodeRoot), MemoryLayout<Slot>.size)
    unsafe field(
      "Domain", "protectionDomain", MemoryLayout<Object>.offset(of: \.protectionDomain),
      MemoryLayout<Slot>.size)
    unsafe field(
      "Domain", "faultEndpoint", MemoryLayout<Object>.offset(of: \.faultEndpoint), MemoryLayout<Slot>.size)
    unsafe field(
      "Domain", "replyMaster", MemoryLayout<Object>.offset(of: \.replyMaster), MemoryLayout<Slot>.size)
    unsafe field("Domain", "caller", MemoryLayout<Object>.offset(of: \.caller), MemoryLayout<Slot>.size)
    unsafe field(
      "Domain", "controlBlock", MemoryLayout<Object>.offset(of: \.controlBlock), MemoryLayout<Slot>.size)
    unsafe field("Domain", "state", MemoryLayout<Object>.offset(of: \.state), MemoryLayout<UInt32>.size)
    unsafe field(
      "Domain", "faultKind", MemoryLayout<Object>.offset(of: \.faultKind), MemoryLayout<UInt32>.size)
    unsafe field(
      "Domain", "faultSyndrome", MemoryLayout<Object>.offset(of: \.faultSyndrome), MemoryLayout<UInt64>.size)
    unsafe field(
      "Domain", "faultAddress", MemoryLayout<Object>.offset(of: \.faultAddress), MemoryLayout<UInt64>.size)
    unsafe field(
      "Domain", "blockedOn", MemoryLayout<Object>.offset(of: \.blockedOn), MemoryLayout<UInt64>.size)
    unsafe field("Domain", "servedBy", MemoryLayout<Object>.offset(of: \.servedBy), MemoryLayout<UInt64>.size)
    unsafe field(
      "Domain", "queueNext", MemoryLayout<Object>.offset(of: \.queueNext), MemoryLayout<UInt64>.size)
    unsafe field(
      "Domain", "queuePrevious", MemoryLayout<Object>.offset(of: \.queuePrevious), MemoryLayout<UInt64>.size)
    unsafe field(
      "Domain", "sendBadge", MemoryLayout<Object>.offset(of: \.sendBadge), MemoryLayout<UInt64>.size)
    unsafe field(
      "Domain", "messageFlags", MemoryLayout<Object>.offset(of: \.messageFlags), MemoryLayout<UInt32>.size)
    unsafe field(
      "Domain", "boundSlices", MemoryLayout<Object>.offset(of: \.boundSlices), MemoryLayout<UInt32>.size)
    unsafe field(
      "Domain", "boundNotification", MemoryLayout<Object>.offset(of: \.boundNotification),
      MemoryLayout<UInt64>.size)
    unsafe field("Domain", "ticks", MemoryLayout<Object>.offset(of: \.ticks), MemoryLayout<UInt64>.size)
    unsafe field(
      "Domain", "name", MemoryLayout<Object>.offset(of: \.name), MemoryLayout<InlineArray<16, UInt8>>.size)
    unsafe field("Domain", "hold", MemoryLayout<Object>.offset(of: \.hold), MemoryLayout<UInt32>.size)
    unsafe field("Domain", "lentTo", MemoryLayout<Object>.offset(of: \.lentTo), MemoryLayout<UInt64>.size)
    unsafe field("Domain", "lender", MemoryLayout<Object>.offset(of: \.lender), MemoryLayout<UInt64>.size)
    unsafe field(
      "Domain", "lendUntil", MemoryLayout<Object>.offset(of: \.lendUntil), MemoryLayout<UInt64>.size)
  }

  private mutating func controlBlockLayout() {
    typealias Object = ControlBlock
    unsafe object("ControlBlock", MemoryLayout<Object>.size)
    unsafe controlBlockWord("isOn", MemoryLayout<Object>.offset(of: \.isOn))
    unsafe controlBlockWord("isPending", MemoryLayout<Object>.offset(of: \.isPending))
    unsafe controlBlockWord("entry", MemoryLayout<Object>.offset(of: \.entry))
    unsafe controlBlockWord("stack", MemoryLayout<Object>.offset(of: \.stack))
    unsafe controlBlockWord("flags", MemoryLayout<Object>.offset(of: \.flags))
    unsafe controlBlockWord("saveIndex", MemoryLayout<Object>.offset(of: \.saveIndex))
    unsafe controlBlockWord("reason", MemoryLayout<Object>.offset(of: \.reason))
    unsafe controlBlockWord("events", MemoryLayout<Object>.offset(of: \.events))
    unsafe controlBlockWord("savedIndex", MemoryLayout<Object>.offset(of: \.savedIndex))
    unsafe controlBlockWord("faultKind", MemoryLayout<Object>.offset(of: \.faultKind))
    unsafe controlBlockWord("faultAddress", MemoryLayout<Object>.offset(of: \.faultAddress))
    unsafe controlBlockWord("faultSyndrome", MemoryLayout<Object>.offset(of: \.faultSyndrome))
  }

  private mutating func controlBlockWord(_ name: StaticString, _ offset: Int?) {
    unsafe field("ControlBlock", name, offset, MemoryLayout<UInt64>.size)
  }

  private mutating func registerFrameLayout() {
    typealias Object = RegisterFrame
    unsafe object("RegisterFrame", MemoryLayout<Object>.size)
    unsafe field(
      "RegisterFrame", "x", MemoryLayout<Object>.offset(of: \.x), MemoryLayout<InlineArray<31, UInt64>>.size)
    unsafe field("RegisterFrame", "sp", MemoryLayout<Object>.offset(of: \.sp), MemoryLayout<UInt64>.size)
    unsafe field("RegisterFrame", "pc", MemoryLayout<Object>.offset(of: \.pc), MemoryLayout<UInt64>.size)
    unsafe field(
      "RegisterFrame", "pstate", MemoryLayout<Object>.offset(of: \.pstate), MemoryLayout<UInt64>.size)
    unsafe field(
      "RegisterFrame", "tpidr", MemoryLayout<Object>.offset(of: \.tpidr), MemoryLayout<UInt64>.size)
  }

  private mutating func endpointLayout() {
    typealias Object = Endpoint
    unsafe object("Endpoint", MemoryLayout<Object>.size)
    unsafe field(
      "Endpoint", "sendHead", MemoryLayout<Object>.offset(of: \.sendHead), MemoryLayout<UInt64>.size)
    unsafe field(
      "Endpoint", "sendTail", MemoryLayout<Object>.offset(of: \.sendTail), MemoryLayout<UInt64>.size)
    unsafe field(
      "Endpoint", "receiveHead", MemoryLayout<Object>.offset(of: \.receiveHead), MemoryLayout<UInt64>.size)
    unsafe field(
      "Endpoint", "receiveTail", MemoryLayout<Object>.offset(of: \.receiveTail), MemoryLayout<UInt64>.size)
  }

  private mutating func notificationLayout() {
    typealias Object = Notification
    unsafe object("Notification", MemoryLayout<Object>.size)
    unsafe field(
      "Notification", "pending", MemoryLayout<Object>.offset(of: \.pending), MemoryLayout<UInt64>.size)
    unsafe field(
      "Notification", "waitHead", MemoryLayout<Object>.offset(of: \.waitHead), MemoryLayout<UInt64>.size)
    unsafe field(
      "Notification", "waitTail", MemoryLayout<Object>.offset(of: \.waitTail), MemoryLayout<UInt64>.size)
    unsafe field(
      "Notification", "boundDomain", MemoryLayout<Object>.offset(of: \.boundDomain), MemoryLayout<UInt64>.size
    )
  }

  private mutating func floatingPointLayout() {
    typealias Object = FloatingPointState
    unsafe object("FloatingPointState", MemoryLayout<Object>.size)
    unsafe field(
      "FloatingPointState", "fpsr", MemoryLayout<Object>.offset(of: \.fpsr), MemoryLayout<UInt64>.size)
    unsafe field(
      "FloatingPointState", "fpcr", MemoryLayout<Object>.offset(of: \.fpcr), MemoryLayout<UInt64>.size)
    unsafe field(
      "FloatingPointState", "v", MemoryLayout<Object>.offset(of: \.v),
      MemoryLayout<InlineArray<64, UInt64>>.size)
  }

  private mutating func sliceEntryLayout() {
    typealias Object = SliceEntry
    unsafe object("SliceEntry", MemoryLayout<Object>.size)
    unsafe field("SliceEntry", "domain", MemoryLayout<Object>.offset(of: \.domain), MemoryLayout<UInt64>.size)
    unsafe field("SliceEntry", "ticks", MemoryLayout<Object>.offset(of: \.ticks), MemoryLayout<UInt64>.size)
    unsafe field("SliceEntry", "used", MemoryLayout<Object>.offset(of: \.used), MemoryLayout<UInt64>.size)
    unsafe field("SliceEntry", "lent", MemoryLayout<Object>.offset(of: \.lent), MemoryLayout<UInt64>.size)
    unsafe field(
      "SliceEntry", "borrower", MemoryLayout<Object>.offset(of: \.borrower), MemoryLayout<UInt64>.size)
  }

  private mutating func irqEntryLayout() {
    typealias Object = IRQEntry
    unsafe object("IRQEntry", MemoryLayout<Object>.size)
    unsafe field(
      "IRQEntry", "notification", MemoryLayout<Object>.offset(of: \.notification), MemoryLayout<Slot>.size)
    unsafe field("IRQEntry", "flags", MemoryLayout<Object>.offset(of: \.flags), MemoryLayout<UInt32>.size)
    unsafe field("IRQEntry", "limit", MemoryLayout<Object>.offset(of: \.limit), MemoryLayout<UInt32>.size)
    unsafe field("IRQEntry", "count", MemoryLayout<Object>.offset(of: \.count), MemoryLayout<UInt64>.size)
    unsafe field("IRQEntry", "spent", MemoryLayout<Object>.offset(of: \.spent), MemoryLayout<UInt64>.size)
    unsafe field("IRQEntry", "window", MemoryLayout<Object>.offset(of: \.window), MemoryLayout<UInt64>.size)
  }

  private mutating func memoryRegionLayout() {
    typealias Object = MemoryRegion
    unsafe object("MemoryRegion", MemoryLayout<Object>.size)
    unsafe field("MemoryRegion", "base", MemoryLayout<Object>.offset(of: \.base), MemoryLayout<UInt64>.size)
    unsafe field("MemoryRegion", "size", MemoryLayout<Object>.offset(of: \.size), MemoryLayout<UInt64>.size)
    unsafe field("MemoryRegion", "kind", MemoryLayout<Object>.offset(of: \.kind), MemoryLayout<UInt64>.size)
  }

  private mutating func kernelStateLayout() {
    typealias Object = KernelState
    unsafe object("KernelState", MemoryLayout<Object>.size)
    unsafe field("KernelState", "origin", MemoryLayout<Object>.offset(of: \.origin), MemoryLayout<Slot>.size)
    unsafe field("KernelState", "spare", MemoryLayout<Object>.offset(of: \.spare), MemoryLayout<Slot>.size)
    unsafe field("KernelState", "grave", MemoryLayout<Object>.offset(of: \.grave), MemoryLayout<Slot>.size)
    unsafe field("KernelState", "epoch", MemoryLayout<Object>.offset(of: \.epoch), MemoryLayout<UInt64>.size)
    unsafe field(
      "KernelState", "current", MemoryLayout<Object>.offset(of: \.current), MemoryLayout<UInt64>.size)
    unsafe field(
      "KernelState", "activeRoot", MemoryLayout<Object>.offset(of: \.activeRoot), MemoryLayout<UInt64>.size)
    unsafe field(
      "KernelState", "settledRoot", MemoryLayout<Object>.offset(of: \.settledRoot), MemoryLayout<UInt64>.size)
    unsafe field(
      "KernelState", "emptyRoot", MemoryLayout<Object>.offset(of: \.emptyRoot), MemoryLayout<UInt64>.size)
    unsafe field(
      "KernelState", "rootCNode", MemoryLayout<Object>.offset(of: \.rootCNode), MemoryLayout<UInt64>.size)
    unsafe field(
      "KernelState", "rootDomain", MemoryLayout<Object>.offset(of: \.rootDomain), MemoryLayout<UInt64>.size)
    unsafe field(
      "KernelState", "generations", MemoryLayout<Object>.offset(of: \.generations), MemoryLayout<UInt64>.size)
    unsafe field(
      "KernelState", "generationBase", MemoryLayout<Object>.offset(of: \.generationBase),
      MemoryLayout<UInt64>.size)
    unsafe field(
      "KernelState", "generationCount", MemoryLayout<Object>.offset(of: \.generationCount),
      MemoryLayout<UInt64>.size)
    unsafe field(
      "KernelState", "nextGeneration", MemoryLayout<Object>.offset(of: \.nextGeneration),
      MemoryLayout<UInt64>.size)
    unsafe field(
      "KernelState", "destruction", MemoryLayout<Object>.offset(of: \.destruction), MemoryLayout<UInt64>.size)
    unsafe field(
      "KernelState", "cancelledEndpoint", MemoryLayout<Object>.offset(of: \.cancelledEndpoint),
      MemoryLayout<UInt64>.size)
    unsafe field(
      "KernelState", "cancelledBadge", MemoryLayout<Object>.offset(of: \.cancelledBadge),
      MemoryLayout<UInt64>.size)
    unsafe field(
      "KernelState", "cancellation", MemoryLayout<Object>.offset(of: \.cancellation),
      MemoryLayout<UInt64>.size)
    unsafe field(
      "KernelState", "asidHint", MemoryLayout<Object>.offset(of: \.asidHint), MemoryLayout<UInt64>.size)
    unsafe field(
      "KernelState", "floatingPointOwner", MemoryLayout<Object>.offset(of: \.floatingPointOwner),
      MemoryLayout<UInt64>.size)
    unsafe kernelStateTimeLayout()
    unsafe kernelStateTables()
  }

  private mutating func kernelStateTimeLayout() {
    typealias Object = KernelState
    unsafe field(
      "KernelState", "currentSlice", MemoryLayout<Object>.offset(of: \.currentSlice),
      MemoryLayout<UInt64>.size)
    unsafe field("KernelState", "ticks", MemoryLayout<Object>.offset(of: \.ticks), MemoryLayout<UInt64>.size)
    unsafe field(
      "KernelState", "sliceEnd", MemoryLayout<Object>.offset(of: \.sliceEnd), MemoryLayout<UInt64>.size)
    unsafe field(
      "KernelState", "accounted", MemoryLayout<Object>.offset(of: \.accounted), MemoryLayout<UInt64>.size)
    unsafe field(
      "KernelState", "account", MemoryLayout<Object>.offset(of: \.account), MemoryLayout<UInt64>.size)
    unsafe field(
      "KernelState", "lender", MemoryLayout<Object>.offset(of: \.lender), MemoryLayout<UInt64>.size)
    unsafe field(
      "KernelState", "served", MemoryLayout<Object>.offset(of: \.served), MemoryLayout<UInt64>.size)
    unsafe field(
      "KernelState", "servedSince", MemoryLayout<Object>.offset(of: \.servedSince),
      MemoryLayout<UInt64>.size)
    unsafe field(
      "KernelState", "serviceEnd", MemoryLayout<Object>.offset(of: \.serviceEnd),
      MemoryLayout<UInt64>.size)
    unsafe field("KernelState", "idle", MemoryLayout<Object>.offset(of: \.idle), MemoryLayout<UInt64>.size)
  }

  private mutating func kernelStateTables() {
    typealias Object = KernelState
    unsafe field(
      "KernelState", "regions", MemoryLayout<Object>.offset(of: \.regions),
      MemoryLayout<InlineArray<16, MemoryRegion>>.size)
    unsafe field(
      "KernelState", "slices", MemoryLayout<Object>.offset(of: \.slices),
      MemoryLayout<InlineArray<64, SliceEntry>>.size)
    unsafe field(
      "KernelState", "asids", MemoryLayout<Object>.offset(of: \.asids),
      MemoryLayout<InlineArray<1024, UInt64>>.size)
    unsafe field(
      "KernelState", "irqs", MemoryLayout<Object>.offset(of: \.irqs),
      MemoryLayout<InlineArray<256, IRQEntry>>.size)
  }
}
