package import KernelCore
package import KernelObjects

/// A booted kernel in this process: `KernelCore` unchanged, over ordinary memory.
package final class HostedKernel {
  package let memory: HostedMemory
  package let machine = HostMachine()
  /// Whether system calls and faults may go the short ways, as in the image.
  package var usesQuickPath = true
  /// Whether the last system call is to be made again.
  package var isUnfinished = false
  package let kernel: Kernel<HostMachine>
  /// The machine's clock when the kernel came up.
  package let bootTime: UInt64
  /// Physical address and size of the kernel descriptor.
  package let descriptor: UInt64
  package let descriptorSize: Int

  /// Layout of the block: state, descriptor, userland image, then free RAM.
  private static let descriptorOffset: UInt64 = 0x1_0000
  private static let imageOffset: UInt64 = 0x2_0000
  private static let imageSize: UInt64 = 4 * 4096
  private static let freeOffset: UInt64 = 0x4_0000
  /// Where the descriptor says that the interrupt controller is; a test may put one there.
  package static let distributor: UInt64 = 0x0800_0000

  /// - Parameters:
  ///   - size: bytes of memory, state and image included.
  ///   - base: physical address of the block, or nil for anywhere.
  /// - Throws: `BootError` if the block is too small.
  package init(size: UInt64 = 8 << 20, base: UInt64? = nil) throws {
    memory = HostedMemory(size: size, base: base)
    kernel = Kernel(machine: machine, state: Reference(memory.base))
    descriptor = memory.base + Self.descriptorOffset
    let buffer = UnsafeMutableRawBufferPointer(
      start: UnsafeMutableRawPointer(bitPattern: UInt(descriptor)), count: DescriptorHeader.sizeLimit)
    guard let count = writeDescriptor(Self.descriptorFacts(memory), into: buffer) else {
      preconditionFailure("the descriptor does not fit")
    }
    descriptorSize = count
    bootTime = machine.now
    try kernel.boot(Self.bootFacts(memory))
  }

  private static func descriptorFacts(_ memory: HostedMemory) -> DescriptorFacts {
    DescriptorFacts(
      version: "0.1.0", buildID: "hosted", board: "host", state: memory.base, directMapOffset: 0,
      imageBase: memory.base, imageSize: freeOffset, timerFrequency: 62_500_000,
      tickCounts: HostMachine.tickCounts, distributor: distributor, uart: 0)
  }

  private static func bootFacts(_ memory: HostedMemory) -> BootFacts {
    var facts = BootFacts()
    facts.image = memory.base + imageOffset
    facts.imageSize = imageSize
    facts.add(base: memory.base + freeOffset, size: memory.size - freeOffset, kind: .ram)
    facts.add(base: 0x0901_0000, size: 0x1000, kind: .device)
    facts.add(base: memory.base, size: freeOffset, kind: .kernel)
    let header = Reference<UserImageHeader>(facts.image)
    header.object.magic = UserImageHeader.magicValue
    header.object.entry = 4096
    header.object.readOnlySize = 4096
    header.object.textSize = 4096
    header.object.dataSize = 4096
    header.object.archiveSize = 4096
    return facts
  }

  package var state: Reference<KernelState> { kernel.stateReference }

  /// The root domain's boot information, wherever boot put it.
  package var bootInfo: BootInfo {
    let slot = Reference<Slot>(state.object.rootCNode)[BootInfo.RootSlot.bootInfoFrame.rawValue]
    return Reference<BootInfo>(slot.capability.address).object
  }
}
