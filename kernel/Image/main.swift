internal import DeviceTree
internal import KernelArch
internal import KernelPlatform

/// Where `start.S` arrives, with the boot map active.
///
/// - Parameter treeAddress: physical address of the device tree, or 0 if the loader does not say.
/// - Returns: virtual address of the RegisterFrame to continue; 0 idles.
@c(vesper_main)
public func vesperMain(treeAddress: UInt64) -> UInt64 {
  let tree = BootTree.find(hint: treeAddress)
  let description = BootTree.describe(tree)
  let board = QEMUVirt(description)
  unsafe Console.uart = board.console

  let memory = BootMemoryMap(description, tree: tree.range)
  GenericTimer.initialize()
  board.enable()

  Console.write("Vesper on ")
  Console.write(QEMUVirt.name)
  Console.write(", free memory from ")
  Console.write(hex: memory.kernel.end)
  Console.write("\n")
  return 0
}
