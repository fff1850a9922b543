/// Publishes where each field of each object is, as the compiler laid it out.
///
/// The key paths are partial ones by name: as Sendable ones, Swift 6 mode's default, they are not folded to constants, and
/// Embedded Swift has no others.
extension DescriptorWriter {
  /// Begins an object: its fields follow.
  private mutating func object(_ name: StaticString, _ size: Int) {
    unsafe heading("object", name)
    unsafe number(UInt64(truncatingIfNeeded: size))
    unsafe endLine()
    unsafe fieldEnd = 0
  }

  @inline(__always)
  private mutating func field(
    _ name: StaticString, _ offset: Int?, _ size: Int = MemoryLayout<UInt64>.size
  ) {
    guard let offset else { return }
    let place = (UInt32(truncatingIfNeeded: offset), UInt32(truncatingIfNeeded: size))
    unsafe field(at: name.utf8Start, place.0, place.1)
  }

  @inline(never)
  private mutating func field(at name: UnsafePointer<UInt8>, _ offset: UInt32, _ size: UInt32) {
    unsafe word(at: name)
    let follows = unsafe offset == fieldEnd
    if !follows || size != 8 { unsafe number(UInt64(size)) }
    if !follows { unsafe number(UInt64(offset)) }
    unsafe fieldEnd = offset &+ size
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
    unsafe field("word0", MemoryLayout<Object>.offset(of: \.word0))
    unsafe field("word1", MemoryLayout<Object>.offset(of: \.word1))
    unsafe field("child", MemoryLayout<Object>.offset(of: \.child), MemoryLayout<UInt32>.size)
    unsafe field("next", MemoryLayout<Object>.offset(of: \.next), MemoryLayout<UInt32>.size)
    unsafe field("previous", MemoryLayout<Object>.offset(of: \.previous), MemoryLayout<UInt32>.size)
    unsafe field("generation", MemoryLayout<Object>.offset(of: \.generation), MemoryLayout<UInt32>.size)
  }

  private mutating func domainLayout() {
    typealias Object = Domain
    unsafe object("Domain", MemoryLayout<Object>.size)
    unsafe field("registers", MemoryLayout<Object>.offset(of: \.registers), MemoryLayout<RegisterFrame>.size)
    unsafe field("cnodeRoot", MemoryLayout<Object>.offset(of: \.cnodeRoot), MemoryLayout<Slot>.size)
    unsafe field(
      "protectionDomain", MemoryLayout<Object>.offset(of: \.protectionDomain), MemoryLayout<Slot>.size)
    unsafe field("faultEndpoint", MemoryLayout<Object>.offset(of: \.faultEndpoint), MemoryLayout<Slot>.size)
    unsafe field("replyMaster", MemoryLayout<Object>.offset(of: \.replyMaster), MemoryLayout<Slot>.size)
    unsafe field("caller", MemoryLayout<Object>.offset(of: \.caller), MemoryLayout<Slot>.size)
    unsafe field("controlBlock", MemoryLayout<Object>.offset(of: \.controlBlock), MemoryLayout<Slot>.size)
    unsafe field("state", MemoryLayout<Object>.offset(of: \.state), MemoryLayout<UInt32>.size)
    unsafe field("faultKind", MemoryLayout<Object>.offset(of: \.faultKind), MemoryLayout<UInt32>.size)
    unsafe field("faultSyndrome", MemoryLayout<Object>.offset(of: \.faultSyndrome))
    unsafe field("faultAddress", MemoryLayout<Object>.offset(of: \.faultAddress))
    unsafe field("blockedOn", MemoryLayout<Object>.offset(of: \.blockedOn))
    unsafe field("servedBy", MemoryLayout<Object>.offset(of: \.servedBy))
    unsafe field("queueNext", MemoryLayout<Object>.offset(of: \.queueNext))
    unsafe field("queuePrevious", MemoryLayout<Object>.offset(of: \.queuePrevious))
    unsafe field("sendBadge", MemoryLayout<Object>.offset(of: \.sendBadge))
    unsafe field("messageFlags", MemoryLayout<Object>.offset(of: \.messageFlags), MemoryLayout<UInt32>.size)
    unsafe field("boundSlices", MemoryLayout<Object>.offset(of: \.boundSlices), MemoryLayout<UInt32>.size)
    unsafe field("boundNotification", MemoryLayout<Object>.offset(of: \.boundNotification))
    unsafe field("ticks", MemoryLayout<Object>.offset(of: \.ticks))
    unsafe field("name", MemoryLayout<Object>.offset(of: \.name), MemoryLayout<InlineArray<16, UInt8>>.size)
    unsafe field("hold", MemoryLayout<Object>.offset(of: \.hold), MemoryLayout<UInt32>.size)
    unsafe field("lentTo", MemoryLayout<Object>.offset(of: \.lentTo))
    unsafe field("lender", MemoryLayout<Object>.offset(of: \.lender))
    unsafe field("lendUntil", MemoryLayout<Object>.offset(of: \.lendUntil))
  }

  private mutating func controlBlockLayout() {
    typealias Object = ControlBlock
    unsafe object("ControlBlock", MemoryLayout<Object>.size)
    unsafe field("isOn", MemoryLayout<Object>.offset(of: \.isOn))
    unsafe field("isPending", MemoryLayout<Object>.offset(of: \.isPending))
    unsafe field("entry", MemoryLayout<Object>.offset(of: \.entry))
    unsafe field("stack", MemoryLayout<Object>.offset(of: \.stack))
    unsafe field("flags", MemoryLayout<Object>.offset(of: \.flags))
    unsafe field("saveIndex", MemoryLayout<Object>.offset(of: \.saveIndex))
    unsafe field("reason", MemoryLayout<Object>.offset(of: \.reason))
    unsafe field("events", MemoryLayout<Object>.offset(of: \.events))
    unsafe field("savedIndex", MemoryLayout<Object>.offset(of: \.savedIndex))
    unsafe field("faultKind", MemoryLayout<Object>.offset(of: \.faultKind))
    unsafe field("faultAddress", MemoryLayout<Object>.offset(of: \.faultAddress))
    unsafe field("faultSyndrome", MemoryLayout<Object>.offset(of: \.faultSyndrome))
  }

  private mutating func registerFrameLayout() {
    typealias Object = RegisterFrame
    unsafe object("RegisterFrame", MemoryLayout<Object>.size)
    unsafe field("x", MemoryLayout<Object>.offset(of: \.x), MemoryLayout<InlineArray<31, UInt64>>.size)
    unsafe field("sp", MemoryLayout<Object>.offset(of: \.sp))
    unsafe field("pc", MemoryLayout<Object>.offset(of: \.pc))
    unsafe field("pstate", MemoryLayout<Object>.offset(of: \.pstate))
    unsafe field("tpidr", MemoryLayout<Object>.offset(of: \.tpidr))
  }

  private mutating func endpointLayout() {
    typealias Object = Endpoint
    unsafe object("Endpoint", MemoryLayout<Object>.size)
    unsafe field("sendHead", MemoryLayout<Object>.offset(of: \.sendHead))
    unsafe field("sendTail", MemoryLayout<Object>.offset(of: \.sendTail))
    unsafe field("receiveHead", MemoryLayout<Object>.offset(of: \.receiveHead))
    unsafe field("receiveTail", MemoryLayout<Object>.offset(of: \.receiveTail))
  }

  private mutating func notificationLayout() {
    typealias Object = Notification
    unsafe object("Notification", MemoryLayout<Object>.size)
    unsafe field("pending", MemoryLayout<Object>.offset(of: \.pending))
    unsafe field("waitHead", MemoryLayout<Object>.offset(of: \.waitHead))
    unsafe field("waitTail", MemoryLayout<Object>.offset(of: \.waitTail))
    unsafe field("boundDomain", MemoryLayout<Object>.offset(of: \.boundDomain))
  }

  private mutating func floatingPointLayout() {
    typealias Object = FloatingPointState
    unsafe object("FloatingPointState", MemoryLayout<Object>.size)
    unsafe field("fpsr", MemoryLayout<Object>.offset(of: \.fpsr))
    unsafe field("fpcr", MemoryLayout<Object>.offset(of: \.fpcr))
    unsafe field("v", MemoryLayout<Object>.offset(of: \.v), MemoryLayout<InlineArray<64, UInt64>>.size)
  }

  private mutating func sliceEntryLayout() {
    typealias Object = SliceEntry
    unsafe object("SliceEntry", MemoryLayout<Object>.size)
    unsafe field("domain", MemoryLayout<Object>.offset(of: \.domain))
    unsafe field("ticks", MemoryLayout<Object>.offset(of: \.ticks))
    unsafe field("used", MemoryLayout<Object>.offset(of: \.used))
    unsafe field("lent", MemoryLayout<Object>.offset(of: \.lent))
    unsafe field("borrower", MemoryLayout<Object>.offset(of: \.borrower))
  }

  private mutating func irqEntryLayout() {
    typealias Object = IRQEntry
    unsafe object("IRQEntry", MemoryLayout<Object>.size)
    unsafe field("notification", MemoryLayout<Object>.offset(of: \.notification), MemoryLayout<Slot>.size)
    unsafe field("flags", MemoryLayout<Object>.offset(of: \.flags), MemoryLayout<UInt32>.size)
    unsafe field("limit", MemoryLayout<Object>.offset(of: \.limit), MemoryLayout<UInt32>.size)
    unsafe field("count", MemoryLayout<Object>.offset(of: \.count))
    unsafe field("spent", MemoryLayout<Object>.offset(of: \.spent))
    unsafe field("window", MemoryLayout<Object>.offset(of: \.window))
  }

  private mutating func memoryRegionLayout() {
    typealias Object = MemoryRegion
    unsafe object("MemoryRegion", MemoryLayout<Object>.size)
    unsafe field("base", MemoryLayout<Object>.offset(of: \.base))
    unsafe field("size", MemoryLayout<Object>.offset(of: \.size))
    unsafe field("kind", MemoryLayout<Object>.offset(of: \.kind))
  }

  private mutating func kernelStateLayout() {
    typealias Object = KernelState
    unsafe object("KernelState", MemoryLayout<Object>.size)
    unsafe field("origin", MemoryLayout<Object>.offset(of: \.origin), MemoryLayout<Slot>.size)
    unsafe field("spare", MemoryLayout<Object>.offset(of: \.spare), MemoryLayout<Slot>.size)
    unsafe field("grave", MemoryLayout<Object>.offset(of: \.grave), MemoryLayout<Slot>.size)
    unsafe field("epoch", MemoryLayout<Object>.offset(of: \.epoch))
    unsafe field("current", MemoryLayout<Object>.offset(of: \.current))
    unsafe field("activeRoot", MemoryLayout<Object>.offset(of: \.activeRoot))
    unsafe field("settledRoot", MemoryLayout<Object>.offset(of: \.settledRoot))
    unsafe field("emptyRoot", MemoryLayout<Object>.offset(of: \.emptyRoot))
    unsafe field("rootCNode", MemoryLayout<Object>.offset(of: \.rootCNode))
    unsafe field("rootDomain", MemoryLayout<Object>.offset(of: \.rootDomain))
    unsafe field("generations", MemoryLayout<Object>.offset(of: \.generations))
    unsafe field("generationBase", MemoryLayout<Object>.offset(of: \.generationBase))
    unsafe field("generationCount", MemoryLayout<Object>.offset(of: \.generationCount))
    unsafe field("nextGeneration", MemoryLayout<Object>.offset(of: \.nextGeneration))
    unsafe field("destruction", MemoryLayout<Object>.offset(of: \.destruction))
    unsafe field("cancelledEndpoint", MemoryLayout<Object>.offset(of: \.cancelledEndpoint))
    unsafe field("cancelledBadge", MemoryLayout<Object>.offset(of: \.cancelledBadge))
    unsafe field("cancellation", MemoryLayout<Object>.offset(of: \.cancellation))
    unsafe field("asidHint", MemoryLayout<Object>.offset(of: \.asidHint))
    unsafe field("floatingPointOwner", MemoryLayout<Object>.offset(of: \.floatingPointOwner))
    unsafe kernelStateTimeLayout()
    unsafe kernelStateTables()
  }

  private mutating func kernelStateTimeLayout() {
    typealias Object = KernelState
    unsafe field("currentSlice", MemoryLayout<Object>.offset(of: \.currentSlice))
    unsafe field("ticks", MemoryLayout<Object>.offset(of: \.ticks))
    unsafe field("sliceEnd", MemoryLayout<Object>.offset(of: \.sliceEnd))
    unsafe field("accounted", MemoryLayout<Object>.offset(of: \.accounted))
    unsafe field("account", MemoryLayout<Object>.offset(of: \.account))
    unsafe field("lender", MemoryLayout<Object>.offset(of: \.lender))
    unsafe field("served", MemoryLayout<Object>.offset(of: \.served))
    unsafe field("servedSince", MemoryLayout<Object>.offset(of: \.servedSince))
    unsafe field("serviceEnd", MemoryLayout<Object>.offset(of: \.serviceEnd))
    unsafe field("idle", MemoryLayout<Object>.offset(of: \.idle))
  }

  private mutating func kernelStateTables() {
    typealias Object = KernelState
    unsafe field(
      "regions", MemoryLayout<Object>.offset(of: \.regions), MemoryLayout<InlineArray<16, MemoryRegion>>.size)
    unsafe field(
      "slices", MemoryLayout<Object>.offset(of: \.slices), MemoryLayout<InlineArray<64, SliceEntry>>.size)
    unsafe field(
      "asids", MemoryLayout<Object>.offset(of: \.asids), MemoryLayout<InlineArray<1024, UInt64>>.size)
    unsafe field(
      "irqs", MemoryLayout<Object>.offset(of: \.irqs), MemoryLayout<InlineArray<256, IRQEntry>>.size)
  }
}
