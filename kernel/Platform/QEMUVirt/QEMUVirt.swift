public import DeviceTree
public import KernelArch

/// QEMU's `virt` board: the devices that the kernel itself drives.
public struct QEMUVirt: Board {
  public let interruptController: GICv2
  public let console: PL011
  public let consoleInterrupt: UInt64
  public let timerInterrupt: UInt64

  public static let name: StaticString = "qemu-virt"

  /// Physical address of the first RAM, which a kernel that is an ELF file finds its device tree at.
  public static let memoryBase: UInt64 = 0x4000_0000
  /// One past the RAM that the boot map reaches.
  public static let bootMapEnd: UInt64 = 0x8000_0000
  /// Physical address of the UART, for what must be said before the device tree was read.
  public static let usualConsole: UInt64 = 0x0900_0000

  /// The board as its device tree describes it.
  public init(_ description: BoardDescription) {
    interruptController = GICv2(
      distributor: description.distributor.start, cpuInterface: description.cpuInterface.start)
    console = PL011(base: description.console.start)
    consoleInterrupt = description.consoleInterrupt
    timerInterrupt = description.timerInterrupt
  }

  /// Brings up the devices, with every interrupt masked but the kernel's own.
  public func enable() {
    console.enable()
    interruptController.enable()
    unmask(interrupt: timerInterrupt)
    unmask(interrupt: consoleInterrupt)
  }

  @inline(__always)
  public func configure(interrupt: UInt64, isEdge: Bool) {
    interruptController.configure(interrupt, isEdge: isEdge)
  }

  @inline(__always)
  public func mask(interrupt: UInt64) { interruptController.mask(interrupt) }

  @inline(__always)
  public func unmask(interrupt: UInt64) { interruptController.unmask(interrupt) }
}
