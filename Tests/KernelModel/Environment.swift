internal import HostedKernel
internal import KernelObjects

/// What the root domain prepares for the actors, and the numbers by which all of them are found.
///
/// The actors share a CNode, the arena, so that they fight for its slots, and an Untyped in it, so that memory runs
/// out and comes back. The last actor reaches the arena through another CNode, as slot `inner` of which it has a third.
struct Environment {
  static let arenaRadix: UInt64 = 6
  static let actorCount = 3
  /// The interrupt lines that operations choose from.
  static let lines = 32..<40
  /// Served by the kernel itself, as the timer's is.
  static let kernelLine: UInt64 = 27

  /// Slots of the arena.
  enum Arena: UInt64 {
    case untyped, arena, timeSlice, irqControl, debug, deviceUntyped, endpoint, notification, firstActor
    /// A segment, the first actor's ProtectionDomain, and in that the two page tables which the segment needs.
    static let segment: UInt64 = 11
    static let protectionDomain: UInt64 = 12
    static let firstPageTable: UInt64 = 13
    /// What the actors cannot do without.
    static let keptCount: UInt64 = 6
  }

  /// The capability pointer of slot 0 of the last actor's own CNode.
  static let inner: UInt64 = 0b01_10_0000
  static let innerCount: UInt64 = 16

  /// Slots of the root CNode.
  let firstSlot: UInt64
  var arenaNode: UInt64 { firstSlot }
  var arena: UInt64 { firstSlot + 1 }
  private var upperNode: UInt64 { firstSlot + 2 }
  private var upper: UInt64 { firstSlot + 3 }
  private var innerNode: UInt64 { firstSlot + 4 }
  private var endpoint: UInt64 { firstSlot + 5 }
  private var faultEndpoint: UInt64 { firstSlot + 6 }
  func actor(_ number: Int) -> UInt64 { firstSlot + 7 + UInt64(number) }
  private func protectionDomain(_ number: Int) -> UInt64 { firstSlot + 10 + UInt64(number) }

  private let untyped: UInt64
  /// Virtual address of a segment that would be made of its first page.
  private let segmentAddress: UInt64
  private let deviceUntyped: UInt64

  init(_ info: BootInfo) {
    firstSlot = info.firstFreeSlot
    let untypeds = (0..<info.untypedCount).map { info.untypeds[Int($0)] }
    let largest = untypeds.indices.filter { untypeds[$0].isDevice == 0 }.max {
      untypeds[$0].sizeBits < untypeds[$1].sizeBits
    }
    untyped = info.firstUntyped + UInt64(largest ?? 0)
    segmentAddress = AddressSpace.segmentAddress(table: untypeds[largest ?? 0].address)
    deviceUntyped = info.firstUntyped + UInt64(untypeds.firstIndex { $0.isDevice != 0 } ?? 0)
  }

  /// The root domain's calls that build all this.
  var construction: [CallRegisters] {
    shared + (0..<Self.actorCount).flatMap(makeActor) + addressSpace
      + (0..<Self.actorCount).flatMap(restart)
  }

  private var shared: [CallRegisters] {
    [
      retype(.cnode, Self.arenaRadix, into: arenaNode), retype(.cnode, 2, into: upperNode),
      retype(.cnode, 4, into: innerNode), retype(.endpoint, into: endpoint),
      mint(arenaNode, guardValue: 0, guardSize: 58, into: arena),
      mint(upperNode, guardValue: 0, guardSize: 56, into: upper),
      mint(endpoint, guardValue: 0xfa, guardSize: 0, into: faultEndpoint),
      call(.cnodeCopy, upperNode, 0, root, arenaNode, 7),
      call(.cnodeMint, upperNode, 1, root, innerNode, 7, 0b10, 2),
      call(.untypedRetype, untyped, UInt64(CapabilityType.untyped.rawValue), 18, 1, arenaNode, 0),
      call(.cnodeCopy, arena, Arena.arena.rawValue, root, arena, 7),
      call(.timeSliceSplit, BootInfo.RootSlot.timeSlice.rawValue, 40, arenaNode, Arena.timeSlice.rawValue),
      call(.cnodeCopy, arena, Arena.irqControl.rawValue, root, BootInfo.RootSlot.irqControl.rawValue, 7),
      call(.cnodeCopy, arena, Arena.debug.rawValue, root, BootInfo.RootSlot.debug.rawValue, 7),
      call(.cnodeMove, arena, Arena.deviceUntyped.rawValue, root, deviceUntyped),
      call(.cnodeCopy, arena, Arena.endpoint.rawValue, root, endpoint, 7),
      call(
        .untypedRetype, untyped, UInt64(CapabilityType.notification.rawValue), 0, 1, arenaNode,
        Arena.notification.rawValue),
    ]
  }

  private func makeActor(_ number: Int) -> [CallRegisters] {
    [
      retype(.domain, into: actor(number)), retype(.protectionDomain, into: protectionDomain(number)),
      call(.cnodeCopy, arena, Arena.firstActor.rawValue + UInt64(number), root, actor(number), 7),
    ]
  }

  /// One page table of each level reaches all segments that are made of the Untyped.
  private var addressSpace: [CallRegisters] {
    let tables = firstSlot + 13
    return [
      call(.cnodeCopy, arena, Arena.protectionDomain, root, protectionDomain(0), 7),
      retype(.segment, into: tables), retype(.pageTable, into: tables + 1),
      retype(.pageTable, into: tables + 2),
      call(.protectionDomainInstall, protectionDomain(0), tables + 1, segmentAddress),
      call(.protectionDomainInstall, protectionDomain(0), tables + 2, segmentAddress),
      call(.cnodeCopy, arena, Arena.segment, root, tables, 7),
      call(.cnodeMove, arena, Arena.firstPageTable, root, tables + 1),
      call(.cnodeMove, arena, Arena.firstPageTable + 1, root, tables + 2),
    ]
  }

  func restart(_ number: Int) -> [CallRegisters] {
    let cnode = number == Self.actorCount - 1 ? upper : arena
    return [
      call(.domainConfigure, actor(number), cnode, protectionDomain(number), faultEndpoint),
      call(.domainStart, actor(number), 0x1000, 0x2000),
    ]
  }

  private let root = BootInfo.RootSlot.cnode.rawValue

  private func call(_ invocation: Invocation, _ pointer: UInt64, _ words: UInt64...) -> CallRegisters {
    CallRegisters(invoke: invocation, on: pointer, words)
  }

  private func retype(_ type: CapabilityType, _ size: UInt64 = 0, into slot: UInt64) -> CallRegisters {
    call(.untypedRetype, untyped, UInt64(type.rawValue), size, 1, root, slot)
  }

  private func mint(_ source: UInt64, guardValue: UInt64, guardSize: UInt64, into slot: UInt64)
    -> CallRegisters
  {
    call(.cnodeMint, root, slot, root, source, 7, guardValue, guardSize)
  }
}
