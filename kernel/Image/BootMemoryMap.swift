internal import DeviceTree
internal import KernelArch
internal import KernelPlatform

/// What becomes of the board's memory while the kernel boots.
struct BootMemoryMap {
  let tables: KernelMap
  private let image = MemoryRange(start: KernelImage.start, end: KernelImage.end)
  private var unused: MemoryRangeList
  private var memory: BootMemory

  /// Builds the kernel's map of all RAM and its devices, and switches to it.
  init(_ description: BoardDescription, tree: MemoryRange) {
    unused = description.memory
    for index in 0..<description.reserved.count { unused.remove(description.reserved[index]) }
    unused.remove(tree)
    unused.remove(image)
    memory = Self.memory(behind: image, in: unused)
    do throws(KernelMap.Failure) {
      tables = try KernelMap(&memory)
      try Self.mapMemory(description.memory, around: image, tables, &memory)
      try KernelImage.map(into: tables, &memory)
      try Self.mapDevice(description.distributor, tables, &memory)
      try Self.mapDevice(description.cpuInterface, tables, &memory)
      try Self.mapDevice(description.console, tables, &memory)
    } catch {
      Self.stop(error)
    }
    tables.activate()
  }

  /// The kernel's image and, behind it, what boot has allocated so far.
  var kernel: MemoryRange { MemoryRange(start: image.start, end: memory.next) }

  /// RAM that nothing uses so far.
  var free: MemoryRangeList {
    var free = unused
    free.remove(kernel)
    return free
  }

  /// Physical address of whole pages of zeros for `size` bytes.
  mutating func allocate(size: Int) -> UInt64 {
    guard let address = memory.allocate(size: UInt64(size)) else { Self.stop(.outOfMemory) }
    return address
  }

  /// The page through which a debugger writes to what is read-only.
  mutating func makeWindow() -> AliasWindow {
    do throws(KernelMap.Failure) { return try tables.makeWindow(&memory) } catch { Self.stop(error) }
  }

  private static func stop(_ failure: KernelMap.Failure) -> Never {
    switch failure {
    case .outOfMemory: Panic.stop("too little memory behind the kernel's image")
    case .overlap: Panic.stop("the device tree's memory and devices overlap")
    }
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
      try tables.map(rest[index].start, rest[index].end, .readWrite, &memory)
    }
  }
}
