internal import DeviceTree
internal import KernelArch
internal import KernelCore
internal import KernelObjects
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
  var memory = BootMemoryMap(description, tree: tree.range)
  GenericTimer.initialize()
  board.enable()
  Image.board = board
  Image.prepare(state: memory.allocate(size: MemoryLayout<KernelState>.size))
  let kernel = Image.kernel
  // An image that can be debugged need not let itself be.
  let isDebugged = DebugChannel.isPresent && description.bootArguments?.hasWord("debug=off") != true
  if isDebugged { DebugChannel.open(kernel, &memory) }
  publishDescriptor(kernel, memory)
  Console.write("Vesper on ")
  Console.write(QEMUVirt.name)
  Console.write("\n")
  startRoot(kernel, description, memory, isDebugged: isDebugged)
  return kernel.currentFrame
}

/// Makes the root domain out of the userland image; without one, there is only the debug channel.
private func startRoot(
  _ kernel: VesperKernel, _ description: BoardDescription, _ memory: BootMemoryMap, isDebugged: Bool
) {
  let userland = KernelImage.userland
  guard userland.size > 0 else {
    Console.write("no userland in this image\n")
    return
  }
  var facts = BootFacts()
  for index in 0..<memory.free.count {
    facts.add(base: memory.free[index].start, size: memory.free[index].size, kind: .ram)
  }
  facts.add(base: memory.kernel.start, size: memory.kernel.size, kind: .kernel)
  for index in 0..<description.devices.count {
    facts.add(base: description.devices[index].start, size: description.devices[index].size, kind: .device)
  }
  facts.image = userland.start
  facts.imageSize = userland.size
  facts.hasDebug = isDebugged
  do throws(BootError) {
    try kernel.boot(facts)
  } catch {
    switch error {
    case .notEnoughMemory: Panic.stop("too little memory for the root domain")
    case .badImage: Panic.stop("the userland image has no valid header")
    }
  }
  markOwnInterrupts(kernel)
}

/// Keeps the kernel's own interrupts from being handed out.
private func markOwnInterrupts(_ kernel: VesperKernel) {
  let board = Image.board
  kernel.state.irqs[Int(board.timerInterrupt)].flags = IRQFlags.kernel.rawValue
  kernel.state.irqs[Int(board.consoleInterrupt)].flags = IRQFlags.kernel.rawValue
}

/// Writes the kernel descriptor into its section, which is read-only from then on.
private func publishDescriptor(_ kernel: VesperKernel, _ memory: BootMemoryMap) {
  let section = KernelImage.descriptor
  let board = Image.board
  var facts = DescriptorFacts(
    version: "0.1.0", buildID: "unknown", board: QEMUVirt.name, state: kernel.stateReference.address,
    directMapOffset: BoardMachine.directMapOffset, imageBase: memory.kernel.start,
    imageSize: memory.kernel.size,
    timerFrequency: GenericTimer.frequency, tickCounts: Image.tickCounts,
    distributor: board.interruptController.base, uart: board.console.base)
  facts.imageHash = KernelImage.buildID
  facts.translation = (
    ttbr1: SystemRegister.ttbr1.value, mair: SystemRegister.mair.value, tcr: SystemRegister.tcr.value,
    sctlr: SystemRegister.sctlr.value
  )
  // Safety: the section is the image's own, writable until `protect`, and nobody reads it before.
  let start = unsafe UnsafeMutableRawPointer(bitPattern: UInt(DirectMap.virtualAddress(section.start)))
  let buffer = unsafe UnsafeMutableRawBufferPointer(start: start, count: Int(section.end &- section.start))
  guard unsafe writeDescriptor(facts, into: buffer) != nil else {
    Panic.stop("the kernel descriptor outgrew its section")
  }
  memory.tables.protect(section.start, section.end, .readOnly)
}
