public import KernelObjects

/// What boot found on the machine.
public struct BootFacts {
  /// RAM that nothing uses yet, device ranges to hand out, and what the kernel occupies.
  public var regions: InlineArray<16, MemoryRegion>
  public var regionCount: Int
  /// Physical address of the userland image, page-aligned, and its size in bytes.
  public var image: UInt64
  public var imageSize: UInt64
  /// Whether the root domain gets the Debug capability.
  public var hasDebug: Bool

  public init() {
    regions = InlineArray(repeating: MemoryRegion(base: 0, size: 0, kind: .unused))
    regionCount = 0
    image = 0
    imageSize = 0
    hasDebug = true
  }

  /// Adds a range; more than 16 are ignored, and so is what is smaller than a page.
  public mutating func add(base: UInt64, size: UInt64, kind: MemoryRegionKind) {
    guard regionCount < 16, size >= 4096 else { return }
    regions[regionCount] = MemoryRegion(base: base, size: size, kind: kind)
    regionCount &+= 1
  }
}

/// Why the kernel cannot come up.
public enum BootError: Error {
  /// No RAM range is large enough for the first objects.
  case notEnoughMemory
  /// The userland image does not begin with a header that makes sense.
  case badImage
}

/// Takes memory from the start of the largest RAM range; afterwards the kernel allocates nothing.
struct BootAllocator {
  /// Index of the range in `BootFacts.regions`.
  let region: Int
  var next: UInt64
  let end: UInt64

  init(_ facts: BootFacts) throws(BootError) {
    var best = -1
    for index in 0..<facts.regionCount {
      let candidate = facts.regions[index]
      guard candidate.kind == UInt64(MemoryRegionKind.ram.rawValue), candidate.base != 0 else { continue }
      if best < 0 || candidate.size > facts.regions[best].size { best = index }
    }
    guard best >= 0 else { throw .notEnoughMemory }
    region = best
    next = facts.regions[best].base
    end = facts.regions[best].base &+ facts.regions[best].size
  }

  /// - Returns: `size` bytes, a multiple of 4096, aligned to `alignment`, a power of two.
  mutating func take(_ size: UInt64, alignment: UInt64 = 4096) throws(BootError) -> UInt64 {
    let address = (next &+ alignment &- 1) & ~(alignment &- 1)
    guard address <= end, end &- address >= size else { throw .notEnoughMemory }
    next = address &+ size
    return address
  }
}

extension Kernel {
  /// Makes the root domain and gives it everything: after this all authority is in its CNode.
  ///
  /// The direct map covers all RAM ranges. Nothing in `facts.regions` of kind `ram` is in use.
  public func boot(_ facts: BootFacts) throws(BootError) {
    enter()
    var allocator = try BootAllocator(facts)
    try prepareState(facts, &allocator)
    var root = try makeRootDomain(facts, &allocator)
    try mapImage(facts, &allocator, &root)
    try finishBootInfo(&allocator, &root)
    handOutMemory(facts, allocator, &root)
    root.info.object.firstFreeSlot = root.nextSlot
    startRoot(root)
    leave()
  }

  private func prepareState(_ facts: BootFacts, _ allocator: inout BootAllocator) throws(BootError) {
    for index in 0..<facts.regionCount { state.regions[index] = facts.regions[index] }
    asidWord(0).object = 1
    state.nextGeneration = 1
    var low = UInt64.max
    var high: UInt64 = 0
    for index in 0..<facts.regionCount {
      let region = facts.regions[index]
      guard region.kind == UInt64(MemoryRegionKind.ram.rawValue) else { continue }
      low = min(low, region.base)
      high = max(high, region.base &+ region.size)
    }
    let pages = (high &- low) &>> AddressSpace.pageBits
    let bytes = (pages &* 4 &+ 4095) & ~4095
    state.generations = try allocator.take(bytes)
    machine.zero(state.generations, count: bytes)
    state.generationBase = low
    state.generationCount = pages
    state.emptyRoot = try allocator.take(4096)
    machine.zero(state.emptyRoot, count: 4096)
    state.activeRoot = state.emptyRoot
    state.settledRoot = state.emptyRoot
    machine.activate(root: state.emptyRoot, asid: 0)
  }
}
