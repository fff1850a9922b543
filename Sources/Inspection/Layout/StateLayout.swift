/// Where things are in the kernel's state.
struct StateLayout: Sendable {
  let size: Int
  let origin: LayoutTable
  let epoch, current, activeRoot, emptyRoot, rootCNode, rootDomain: LayoutField
  let generations, generationBase, generationCount: LayoutField
  let destruction, currentSlice, ticks: LayoutField
  /// Nil of a kernel that does not account for its time.
  let idle, sliceEnd, accounted, account: LayoutField?
  let regions, slices, asids, irqs: LayoutTable
  let region: (base: LayoutField, size: LayoutField, kind: LayoutField)
  let slice: SliceLayout
  let irq: (notification: LayoutTable, flags: LayoutField, count: LayoutField)
  let irqFlags: (issued: BitRange, edge: BitRange, masked: BitRange, kernel: BitRange)
  /// Nil of a kernel whose interrupt lines have no budgets.
  let irqBudget: IRQBudgetLayout?
  let regionNames: [UInt64: String]

  init(_ descriptor: KernelDescriptor) throws(InspectionError) {
    size = try descriptor.size(of: "KernelState")
    origin = try descriptor.table("KernelState", "origin", of: "Slot")
    epoch = try descriptor.integer("KernelState", "epoch")
    current = try descriptor.integer("KernelState", "current")
    activeRoot = try descriptor.integer("KernelState", "activeRoot")
    emptyRoot = try descriptor.integer("KernelState", "emptyRoot")
    rootCNode = try descriptor.integer("KernelState", "rootCNode")
    rootDomain = try descriptor.integer("KernelState", "rootDomain")
    generations = try descriptor.integer("KernelState", "generations")
    generationBase = try descriptor.integer("KernelState", "generationBase")
    generationCount = try descriptor.integer("KernelState", "generationCount")
    destruction = try descriptor.integer("KernelState", "destruction")
    currentSlice = try descriptor.integer("KernelState", "currentSlice")
    ticks = try descriptor.integer("KernelState", "ticks")
    idle = try? descriptor.integer("KernelState", "idle")
    sliceEnd = try? descriptor.integer("KernelState", "sliceEnd")
    accounted = try? descriptor.integer("KernelState", "accounted")
    account = try? descriptor.integer("KernelState", "account")
    regions = try descriptor.table("KernelState", "regions", of: "MemoryRegion")
    slices = try descriptor.table("KernelState", "slices", of: "SliceEntry")
    let taken = try descriptor.field("KernelState", "asids")
    asids = LayoutTable(offset: taken.offset, stride: 8, count: taken.size / 8)
    irqs = try descriptor.table("KernelState", "irqs", of: "IRQEntry")
    region = (
      try descriptor.integer("MemoryRegion", "base"), try descriptor.integer("MemoryRegion", "size"),
      try descriptor.integer("MemoryRegion", "kind")
    )
    slice = try SliceLayout(descriptor)
    irq = (
      try descriptor.table("IRQEntry", "notification", of: "Slot"),
      try descriptor.integer("IRQEntry", "flags"), try descriptor.integer("IRQEntry", "count")
    )
    irqFlags = (
      try descriptor.bits("IRQFlags", "issued"), try descriptor.bits("IRQFlags", "edge"),
      try descriptor.bits("IRQFlags", "masked"), try descriptor.bits("IRQFlags", "kernel")
    )
    irqBudget = IRQBudgetLayout(descriptor)
    regionNames = try descriptor.names(of: "MemoryRegionKind")
  }
}

/// Where things are in a slot of the slice vector.
struct SliceLayout: Sendable {
  let domain, ticks: LayoutField
  /// Nil of a kernel that does not account for its time.
  let used, lent, borrower: LayoutField?

  init(_ descriptor: KernelDescriptor) throws(InspectionError) {
    domain = try descriptor.integer("SliceEntry", "domain")
    ticks = try descriptor.integer("SliceEntry", "ticks")
    used = try? descriptor.integer("SliceEntry", "used")
    lent = try? descriptor.integer("SliceEntry", "lent")
    borrower = try? descriptor.integer("SliceEntry", "borrower")
  }
}

/// Where the budget of an interrupt line is in its entry.
struct IRQBudgetLayout: Sendable {
  let limit, spent, window: LayoutField
  /// Of a line without a limit.
  let defaultBudget: UInt64
  let throttled: BitRange

  init?(_ descriptor: KernelDescriptor) {
    guard let limit = try? descriptor.integer("IRQEntry", "limit"),
      let defaultBudget = try? descriptor.constant("defaultBudget"),
      let spent = try? descriptor.integer("IRQEntry", "spent"),
      let window = try? descriptor.integer("IRQEntry", "window"),
      let throttled = try? descriptor.bits("IRQFlags", "throttled")
    else { return nil }
    (self.limit, self.spent, self.window, self.throttled) = (limit, spent, window, throttled)
    self.defaultBudget = defaultBudget
  }
}
