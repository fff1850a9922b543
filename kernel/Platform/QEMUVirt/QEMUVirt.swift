public import DeviceTree
public import KernelArch

/// QEMU's `virt` board: the devices that the kernel itself drives.
public struct QEMUVirt: Board {
  public let interruptController: GICv2
  public let console: PL011
  public let consoleInterrupt: UInt64
  public let timerInterrupt: UInt64
  public let firmware: FirmwareCall

  public static let name: StaticString = "qemu-virt"

  /// Physical address of the first RAM, which a kernel that is an ELF file finds its device tree at.
  public static let memoryBase: UInt64 = 0x4000_0000
  /// One past the RAM that the boot map reaches.
  public static let bootMapEnd: UInt64 = 0x8000_0000
  /// The board as QEMU 7.2 makes it, for what must be said before the device tree was read.
  public static var usual: QEMUVirt {
    QEMUVirt(
      interruptController: GICv2(distributor: 0x0800_0000, cpuInterface: 0x0801_0000),
      console: PL011(base: 0x0900_0000), consoleInterrupt: 33, timerInterrupt: 27,
      firmware: .none)
  }

  private init(
    interruptController: GICv2, console: PL011, consoleInterrupt: UInt64, timerInterrupt: UInt64,
    firmware: FirmwareCall
  ) {
    self.interruptController = interruptController
    self.console = console
    self.consoleInterrupt = consoleInterrupt
    self.timerInterrupt = timerInterrupt
    self.firmware = firmware
  }

  /// The board as its device tree describes it.
  public init(_ description: BoardDescription) {
    interruptController = GICv2(
      distributor: description.distributor.start, cpuInterface: description.cpuInterface.start)
    console = PL011(base: description.console.start)
    consoleInterrupt = description.consoleInterrupt
    timerInterrupt = description.timerInterrupt
    firmware = description.firmware
  }

  /// Brings up the devices, with every interrupt masked but the kernel's own.
  public func enable() {
    console.enable()
    interruptController.enable()
    unmask(interrupt: timerInterrupt)
    unmask(interrupt: consoleInterrupt)
  }

  /// Starts the board anew, if the firmware can.
  public func reset() {
    switch firmware {
    case .none: break
    case .hypervisorCall: PowerState.reset(byHypervisorCall: true)
    case .secureMonitorCall: PowerState.reset(byHypervisorCall: false)
    }
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
