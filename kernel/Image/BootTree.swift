internal import DeviceTree
internal import KernelArch
internal import KernelPlatform

/// The device tree that the loader left in memory.
struct BootTree {
  let tree: DeviceTree
  /// Where it lies, in whole pages.
  let range: MemoryRange

  /// Largest tree that is looked at, in bytes: QEMU's takes 1 MiB.
  private static let sizeLimit: UInt64 = 2 << 20

  /// The tree at the address the loader gave, or else where QEMU puts it for a kernel that is an ELF file.
  static func find(hint: UInt64) -> BootTree {
    if let tree = BootTree(at: hint) ?? BootTree(at: QEMUVirt.memoryBase) { return tree }
    Panic.stop("no device tree at the start of memory")
  }

  /// What the tree says, or a panic that names what it lacks.
  static func describe(_ boot: BootTree) -> BoardDescription {
    do {
      let description = try BoardDescription(boot.tree)
      if let missing = description.missing { Panic.stop(missing) }
      return description
    } catch {
      Panic.stop("the device tree is malformed")
    }
  }

  private init?(at address: UInt64) {
    // The boot map reaches the first GiB of RAM.
    guard address >= QEMUVirt.memoryBase, address <= QEMUVirt.bootMapEnd - Self.sizeLimit else {
      return nil
    }
    // Safety: the range is in the boot map, and nothing writes there until the tree is forgotten.
    let start = unsafe UnsafeRawPointer(bitPattern: UInt(DirectMap.virtualAddress(address)))
    let memory = unsafe UnsafeRawBufferPointer(start: start, count: Int(Self.sizeLimit))
    guard let tree = try? unsafe DeviceTree(memory),
      let range = MemoryRange(start: address, size: UInt64(tree.size))
    else { return nil }
    self.tree = tree
    self.range = range.pagesTouched
  }
}
