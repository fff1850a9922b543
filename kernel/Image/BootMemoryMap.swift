internal import DeviceTree
internal import KernelArch
internal import KernelObjects
internal import KernelPlatform

/// What becomes of the board's memory while the kernel boots.
struct BootMemoryMap {
  /// RAM that nothing uses.
  private(set) var free: MemoryRangeList
  /// The kernel's image and, behind it, what boot allocated.
  private(set) var kernel: MemoryRange
  let tables: KernelMap
  /// Physical address of the zeroed `KernelState`.
  let state: UInt64

  /// Builds the kernel's map of all RAM and its devices, and switches to it.
  init(_ description: BoardDescription, tree: MemoryRange) {
    let image = MemoryRange(start: KernelImage.start, end: KernelImage.end)
    free = description.memory
    for index in 0..<description.reserved.count { free.remove(description.reserved[index]) }
    free.remove(tree)
    free.remove(image)
    var memory = Self.memory(behind: image, in: free)
    do throws(KernelMap.Failure) {
      tables = try KernelMap(&memory)
      state = try Self.allocateState(&memory)
      try Self.mapMemory(description.memory, around: image, tables, &memory)
      try KernelImage.map(into: tables, &memory)
      try Self.mapDevice(description.distributor, tables, &memory)
      try Self.mapDevice(description.cpuInterface, tables, &memory)
      try Self.mapDevice(description.console, tables, &memory)
    } catch {
      switch error {
      case .outOfMemory: Panic.stop("no memory left for translation tables")
      case .overlap: Panic.stop("the device tree's memory and devices overlap")
      }
    }
    kernel = MemoryRange(start: image.start, end: memory.next)
    free.remove(kernel)
    tables.activate()
  }

  private static func allocateState(_ memory: inout BootMemory) throws(KernelMap.Failure) -> UInt64 {
    let pages = (UInt64(MemoryLayout<KernelState>.size) &+ BootMemory.pageSize &- 1) / BootMemory.pageSize
    let state = memory.next
    for _ in 0..<pages {
      if memory.allocatePage() == nil { throw .outOfMemory }
    }
    return state
  }

  /// Free memory from the end of the image on, as far as the boot map reaches.
  private static func memory(behind image: MemoryRange, in free: MemoryRangeList) -> BootMemory {
    for index in 0..<free.count where free[index].start == image.end {
      return BootMemory(start: image.end, end: min(free[index].end, QEMUVirt.bootMapEnd))
    }
    Panic.stop("no free memory behind the kernel's image")
  }

  private static func mapDevice(
    _ registers: MemoryRange, _ tables: KernelMap, _ memory: inout BootMemory
  ) throws(KernelMap.Failure) {
    let pages = registers.pagesTouched
    try tables.map(pages.start, pages.end, .device, &memory)
  }

  private static func mapMemory(
    _ ranges: MemoryRangeList, around image: MemoryRange, _ tables: KernelMap, _ memory: inout BootMemory
  ) throws(KernelMap.Failure) {
    var rest = ranges
    rest.remove(image)
    for index in 0..<rest.count {
      // Whole pages only: what shares a page with something else is not RAM to us.
      let start = (rest[index].start &+ 4095) & ~4095
      let end = rest[index].end & ~4095
      try tables.map(start, end, .readWrite, &memory)
    }
  }
}
