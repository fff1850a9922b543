import HostedKernel
import KernelCore
import KernelObjects
import Testing

/// A system in which each invocation can be made with success: one capability of each kind, in slots of the root CNode.
struct Workshop {
  let hosted: HostedKernel
  private let first: UInt64

  var untyped: UInt64 { first }
  var cnode: UInt64 { first + 1 }
  var domain: UInt64 { first + 2 }
  var protectionDomain: UInt64 { first + 3 }
  var pageTable: UInt64 { first + 4 }
  var segment: UInt64 { first + 5 }
  var frame: UInt64 { first + 6 }
  var endpoint: UInt64 { first + 7 }
  var notification: UInt64 { first + 8 }
  var timeSlice: UInt64 { first + 9 }
  var irqHandler: UInt64 { first + 10 }
  private var otherPageTable: UInt64 { first + 11 }
  /// Slots that stay empty.
  var empty: UInt64 { first + 20 }
  let root = BootInfo.RootSlot.cnode.rawValue

  init() throws {
    hosted = try HostedKernel()
    let info = hosted.bootInfo
    first = info.firstFreeSlot
    let largest = (0..<info.untypedCount).max { left, right in
      rank(info.untypeds[Int(left)]) < rank(info.untypeds[Int(right)])
    }
    let source = info.firstUntyped + (largest ?? 0)
    let objects: [(CapabilityType, UInt64, UInt64)] = [
      (.untyped, 16, untyped), (.cnode, 4, cnode), (.domain, 0, domain),
      (.protectionDomain, 0, protectionDomain), (.pageTable, 0, pageTable), (.segment, 0, segment),
      (.frame, 0, frame), (.endpoint, 0, endpoint), (.notification, 0, notification),
      (.pageTable, 0, otherPageTable),
    ]
    for (type, size, slot) in objects {
      try must(source, .untypedRetype, [UInt64(type.rawValue), size, 1, root, slot])
    }
    try must(BootInfo.RootSlot.timeSlice.rawValue, .timeSliceSplit, [32, root, timeSlice])
    try must(BootInfo.RootSlot.irqControl.rawValue, .irqControlGet, [40, 1, root, irqHandler])
  }

  /// Invokes as the root domain.
  func invoke(_ pointer: UInt64, _ invocation: Invocation, _ words: [UInt64]) -> CallResult {
    hosted.systemCall(
      SystemCall.call.rawValue, pointer, info: MessageInfo(label: invocation.rawValue, length: 6),
      words: words + Array(repeating: 0, count: 6 - words.count), by: hosted.root)
    return hosted.result(of: hosted.root)
  }

  private func must(_ pointer: UInt64, _ invocation: Invocation, _ words: [UInt64]) throws {
    let result = invoke(pointer, invocation, words)
    try #require(result.status == .ok, "\(invocation): \(result)")
  }

  var segmentAddress: UInt64 {
    AddressSpace.segmentAddress(table: hosted.rootSlot(segment).capability.address)
  }

  /// What has to be done first.
  func prepare(for invocation: Invocation) throws {
    switch invocation {
    case .domainStart, .domainResume, .domainRun, .cnodeSaveReply: try configure()
    case .protectionDomainAttach: try installTables()
    case .protectionDomainDetach:
      try installTables()
      try must(protectionDomain, .protectionDomainAttach, [segment, 7])
    case .segmentUnmap, .segmentProtect, .segmentTranslate:
      try must(segment, .segmentMap, [frame, 0, 3])
    default: return
    }
    if invocation == .cnodeSaveReply { try takeCall() }
  }

  /// The domain sees what the root domain sees.
  func configure() throws { try must(domain, .domainConfigure, [root, protectionDomain, endpoint]) }

  private func installTables() throws {
    for table in [pageTable, otherPageTable] {
      try must(protectionDomain, .protectionDomainInstall, [table, segmentAddress])
    }
  }

  var worker: Reference<Domain> { Reference(hosted.rootSlot(domain).capability.address) }

  /// The domain calls, and the root domain has received it.
  func takeCall() throws {
    try must(domain, .domainStart, [0x1000, 0x2000])
    hosted.systemCall(SystemCall.call.rawValue, endpoint, by: worker)
    hosted.systemCall(SystemCall.receive.rawValue, endpoint, by: hosted.root)
    try #require(hosted.result(of: hosted.root).status == .ok)
  }

  /// A capability pointer and words with which the invocation succeeds.
  func call(_ invocation: Invocation) -> (pointer: UInt64, words: [UInt64]) {
    switch invocation {
    case .untypedRetype: (untyped, [UInt64(CapabilityType.endpoint.rawValue), 0, 2, root, empty])
    case .untypedReset: (untyped, [])
    case .cnodeCopy: (cnode, [0, root, endpoint, 7])
    case .cnodeMint: (cnode, [0, root, endpoint, 7, 5, 0])
    case .cnodeMove: (cnode, [0, root, endpoint])
    case .cnodeDelete, .cnodeRevoke, .cnodeCancelBadgedSends: (root, [endpoint])
    case .cnodeRotate: (root, [empty, endpoint, notification])
    case .cnodeSaveReply: (cnode, [0])
    case .domainConfigure: (domain, [cnode, protectionDomain, endpoint])
    case .domainStart: (domain, [0x1000, 0x2000, 1, 2, 3])
    case .domainSuspend, .domainResume: (domain, [])
    case .domainRun: (domain, [0])
    case .domainReadRegisters: (domain, [0])
    case .domainWriteRegisters: (domain, [0, 4, 1, 2, 3, 4])
    case .domainBindNotification: (domain, [notification])
    case .domainSetControlBlock: (domain, [frame])
    case .domainSetName: (domain, [0x61, 0x62])
    case .protectionDomainAttach: (protectionDomain, [segment, 7])
    case .protectionDomainDetach: (protectionDomain, [segment])
    case .protectionDomainInstall: (protectionDomain, [pageTable, segmentAddress])
    case .segmentMap: (segment, [frame, 0, 3])
    case .segmentUnmap: (segment, [frame])
    case .segmentProtect: (segment, [frame, 1])
    case .segmentGetAddress: (segment, [])
    case .segmentTranslate: (segment, [0])
    case .frameGetAddress, .frameSynchronizeInstructions: (frame, [])
    case .timeSliceSplit: (timeSlice, [8, root, empty])
    case .timeSliceBind: (timeSlice, [domain])
    case .timeSliceUnbind: (timeSlice, [])
    case .irqControlGet: (BootInfo.RootSlot.irqControl.rawValue, [41, 0, root, empty])
    case .irqControlLimit: (BootInfo.RootSlot.irqControl.rawValue, [41, 1000])
    case .irqHandlerBind: (irqHandler, [notification])
    case .irqHandlerAck, .irqHandlerClear: (irqHandler, [])
    case .debugPutChar: (BootInfo.RootSlot.debug.rawValue, [0x21])
    case .debugWrite: (BootInfo.RootSlot.debug.rawValue, [40, 0x21, 0x21, 0x21, 0x21, 0x21])
    case .debugSetName: (BootInfo.RootSlot.debug.rawValue, [domain, 0x61, 0x62])
    }
  }
}

private func rank(_ untyped: BootUntyped) -> UInt32 { untyped.isDevice != 0 ? 0 : untyped.sizeBits }

extension Workshop {
  /// Makes calls of the root domain, which all succeed.
  func require(_ calls: [(pointer: UInt64, Invocation, words: [UInt64])]) throws {
    for (pointer, invocation, words) in calls {
      try #require(invoke(pointer, invocation, words).status == .ok, "\(invocation)")
    }
  }
}
