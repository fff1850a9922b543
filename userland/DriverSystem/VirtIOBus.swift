internal import Devices
internal import KernelObjects
internal import LibVesper
internal import RootSupport

/// The board's virtio transports, as a root domain finds them.
struct VirtIOBus {
  /// Capabilities of the pages of all transports, mapped for the root domain.
  private let firstFrame: CapabilityPointer
  private let base: UInt64

  /// A place where a virtio device is plugged in.
  struct Transport {
    fileprivate let number: UInt64

    fileprivate var offset: UInt64 { number * VirtIOTransport.size }
    var page: UInt64 { offset >> AddressSpace.pageBits }
    var offsetInPage: UInt64 { offset & (1 << AddressSpace.pageBits - 1) }
    var interrupt: UInt64 { Board.virtIOInterrupt + number }
  }

  private static let pageCount = (Board.virtIOCount * VirtIOTransport.size) >> AddressSpace.pageBits

  init(allocator: inout ObjectAllocator) throws(Refusal) {
    firstFrame = try allocator.deviceFrame(at: Board.virtIO, count: Self.pageCount).pointer
    let segment = try allocator.segment()
    let protectionDomain = ProtectionDomainCapability(BootInfo.RootSlot.protectionDomain.pointer)
    try allocator.attach(segment, to: protectionDomain, rights: .readWrite)
    base = try segment.address()
    for page in 0..<Self.pageCount {
      try segment.map(
        FrameCapability(CapabilityPointer(rawValue: firstFrame.rawValue + page)), at: page, rights: .readWrite
      )
    }
  }

  /// The first transport with a device of that kind.
  func first(_ kind: VirtIOKind) -> Transport? {
    for number in 0..<Board.virtIOCount {
      let transport = Transport(number: number)
      if VirtIOTransport(base: base + transport.offset).kind == kind { return transport }
    }
    return nil
  }

  /// A second capability to the page of a transport's registers.
  ///
  /// The page holds those of seven others too: who drives one of them could drive all eight, so put devices whose drivers
  /// shall not trust each other into different pages.
  func frame(_ transport: Transport, allocator: inout ObjectAllocator) throws(Refusal) -> FrameCapability {
    FrameCapability(try allocator.copy(CapabilityPointer(rawValue: firstFrame.rawValue + transport.page)))
  }
}
