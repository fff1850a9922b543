/// Why a virtio device cannot be used.
public enum VirtIOError: Error {
  /// Nothing is plugged in there, or another kind of device.
  case notFound
  /// A device of the draft before virtio 1.0; QEMU: `-global virtio-mmio.force-legacy=false`.
  case isLegacy
  /// The device does not go on with what it was asked for.
  case refused
  /// Its queues are shorter than a request.
  case tooSmall

  public var name: StaticString {
    switch self {
    case .notFound: "not-found"
    case .isLegacy: "is-legacy"
    case .refused: "refused"
    case .tooSmall: "too-small"
    }
  }
}

/// What a virtio device is (virtio 1.2, chapter 5).
public enum VirtIOKind: UInt32, Sendable {
  case block = 2
  case console = 3
}

/// A virtio device behind memory-mapped registers (virtio 1.2, 4.2), version 2 of them.
public struct VirtIOTransport: Sendable {
  private let registers: DeviceRegisters

  /// Bytes of registers of one device; a page holds those of eight.
  public static let size: UInt64 = 0x200

  /// - Parameter base: virtual address of the first register.
  public init(base: UInt64) { registers = DeviceRegisters(base: base) }

  /// Virtio 1.2, table 4.1.
  private enum Register {
    static let magic: UInt64 = 0x000
    static let version: UInt64 = 0x004
    static let deviceID: UInt64 = 0x008
    static let deviceFeatures: UInt64 = 0x010
    static let deviceFeaturesSelect: UInt64 = 0x014
    static let driverFeatures: UInt64 = 0x020
    static let driverFeaturesSelect: UInt64 = 0x024
    static let queueSelect: UInt64 = 0x030
    static let queueSizeMax: UInt64 = 0x034
    static let queueSize: UInt64 = 0x038
    static let queueReady: UInt64 = 0x044
    static let queueNotify: UInt64 = 0x050
    static let interruptStatus: UInt64 = 0x060
    static let interruptAcknowledge: UInt64 = 0x064
    static let status: UInt64 = 0x070
    static let queueDescriptors: UInt64 = 0x080
    static let queueDriver: UInt64 = 0x090
    static let queueDevice: UInt64 = 0x0a0
    static let configuration: UInt64 = 0x100
  }

  /// Virtio 1.2, 2.1.
  private enum Status {
    static let acknowledge: UInt32 = 1
    static let driver: UInt32 = 2
    static let driverReady: UInt32 = 4
    static let featuresAccepted: UInt32 = 8
  }

  /// "virt" in memory.
  private static let magic: UInt32 = 0x7472_6976
  /// VIRTIO_F_VERSION_1: the device is none of the draft's.
  private static let isModern: UInt64 = 1 << 32

  /// What is plugged in here; nil if nothing that this library knows.
  public var kind: VirtIOKind? {
    guard registers.read(Register.magic) == Self.magic else { return nil }
    return VirtIOKind(rawValue: registers.read(Register.deviceID))
  }

  /// Resets the device and agrees with it on those of `features` that it has (virtio 1.2, 3.1.1, steps 1 to 6).
  ///
  /// - Returns: what was agreed on.
  public func begin(_ kind: VirtIOKind, features: UInt64) throws(VirtIOError) -> UInt64 {
    guard self.kind == kind else { throw .notFound }
    guard registers.read(Register.version) == 2 else { throw .isLegacy }
    registers.write(Register.status, 0)
    guard registers.read(Register.status) == 0 else { throw .refused }
    registers.write(Register.status, Status.acknowledge)
    registers.write(Register.status, Status.acknowledge | Status.driver)
    let offered = self.offeredFeatures
    guard offered & Self.isModern != 0 else { throw .isLegacy }
    let agreed = offered & (features | Self.isModern)
    for half in UInt32(0)..<2 {
      registers.write(Register.driverFeaturesSelect, half)
      registers.write(Register.driverFeatures, UInt32(truncatingIfNeeded: agreed >> UInt64(32 * half)))
    }
    let agreement = Status.acknowledge | Status.driver | Status.featuresAccepted
    registers.write(Register.status, agreement)
    guard registers.read(Register.status) == agreement else { throw .refused }
    return agreed
  }

  private var offeredFeatures: UInt64 {
    registers.write(Register.deviceFeaturesSelect, 0)
    let low = registers.read(Register.deviceFeatures)
    registers.write(Register.deviceFeaturesSelect, 1)
    return UInt64(registers.read(Register.deviceFeatures)) << 32 | UInt64(low)
  }

  /// Tells the device where queue `index` is (virtio 1.2, 4.2.3.2). `chainLength` is the most descriptors that a
  /// request takes.
  public func makeQueue(_ index: UInt32, in memory: QueueMemory, chainLength: UInt64) throws(VirtIOError)
    -> VirtQueue
  {
    registers.write(Register.queueSelect, index)
    let size = min(UInt64(registers.read(Register.queueSizeMax)), VirtQueue.maximumSize)
    guard size >= chainLength, size.nonzeroBitCount == 1 else { throw .tooSmall }
    registers.write(Register.queueSize, UInt32(size))
    writeAddress(Register.queueDescriptors, memory.descriptors.physical)
    writeAddress(Register.queueDriver, memory.rings.physical)
    writeAddress(Register.queueDevice, memory.rings.physical + VirtQueue.usedRingOffset)
    registers.write(Register.queueReady, 1)
    return VirtQueue(memory, size: size, chainLength: chainLength)
  }

  private func writeAddress(_ register: UInt64, _ address: UInt64) {
    registers.write(register, UInt32(truncatingIfNeeded: address))
    registers.write(register + 4, UInt32(truncatingIfNeeded: address >> 32))
  }

  /// All queues are made: the device works from now on.
  public func start() {
    registers.write(Register.status, registers.read(Register.status) | Status.driverReady)
  }

  /// There is something new in queue `index`.
  public func notify(_ index: UInt32) { registers.write(Register.queueNotify, index) }

  /// Ends the interrupt, so that the line is low until something new happens.
  public func acknowledgeInterrupt() {
    registers.write(Register.interruptAcknowledge, registers.read(Register.interruptStatus))
  }

  /// 8 bytes of what belongs to the kind of device, at an offset that is a multiple of 4.
  public func configuration(_ offset: UInt64) -> UInt64 {
    let low = UInt64(registers.read(Register.configuration + offset))
    return UInt64(registers.read(Register.configuration + offset + 4)) << 32 | low
  }
}
