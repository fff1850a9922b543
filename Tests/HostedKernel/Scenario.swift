package import KernelCore
package import KernelObjects

/// What `userland/Root` builds, built by hand in a hosted kernel: a server that two clients call, a clock driver, a
/// domain that waits for ever, each with a CNode and a ProtectionDomain of its own.
package final class Scenario {
  package let hosted: HostedKernel
  package private(set) var domains: [String: Reference<Domain>] = [:]
  private var nextSlot: UInt64
  private let untyped: UInt64

  /// Slots in the CNode of every domain.
  package enum Slots {
    package static let cnode: UInt64 = 1
    package static let endpoint: UInt64 = 2
    package static let notification: UInt64 = 3
    package static let irqHandler: UInt64 = 4
    package static let count: UInt64 = 256
  }

  package init(size: UInt64 = 8 << 20, base: UInt64? = nil) throws {
    hosted = try HostedKernel(size: size, base: base)
    let info = hosted.bootInfo
    nextSlot = info.firstFreeSlot
    let largest = (0..<info.untypedCount).max { left, right in
      rank(info.untypeds[Int(left)]) < rank(info.untypeds[Int(right)])
    }
    untyped = info.firstUntyped + (largest ?? 0)
    build()
  }

  private func build() {
    let endpoint = make(.endpoint)
    let unserved = make(.endpoint)
    let alarm = make(.notification)
    let shared = make(.segment)
    for name in ["server", "client-a", "client-b", "clock", "waiter"] { add(name) }
    give("server", endpoint, at: Slots.endpoint, rights: .all)
    give("client-a", endpoint, at: Slots.endpoint, rights: .all, badge: 0xa)
    give("client-b", endpoint, at: Slots.endpoint, rights: .all, badge: 0xb)
    give("clock", alarm, at: Slots.notification, rights: .all, badge: 1)
    give("waiter", unserved, at: Slots.endpoint, rights: Rights.write, badge: 7)
    mapShared(shared)
    routeAlarm(alarm)
    block()
  }

  /// A new object in the next slot of the root CNode.
  package func make(_ type: CapabilityType, size: UInt64 = 0) -> UInt64 {
    let slot = nextSlot
    nextSlot += 1
    let result = hosted.invoke(
      untyped, .untypedRetype, UInt64(type.rawValue), size, 1, BootInfo.RootSlot.cnode.rawValue, slot,
      by: hosted.root)
    precondition(result.status == .ok, "retype \(type): \(result)")
    return slot
  }

  /// A slot of the root CNode that nothing uses.
  package func free() -> UInt64 {
    defer { nextSlot += 1 }
    return nextSlot
  }

  /// Capability pointer of the part of the slice vector that is not handed out.
  package var lastTimeSlice: UInt64 { timeSlice }

  private func check(_ result: CallResult, _ what: String) {
    precondition(result.status == .ok, "\(what): \(result)")
  }

  private func add(_ name: String) {
    let domain = make(.domain)
    let cnode = make(.cnode, size: 8)
    let protectionDomain = make(.protectionDomain)
    let guarded = nextSlot
    nextSlot += 1
    check(
      hosted.invoke(
        BootInfo.RootSlot.cnode.rawValue, .cnodeMint, guarded, BootInfo.RootSlot.cnode.rawValue, cnode, 7, 0,
        56,
        by: hosted.root), "mint \(name)'s CNode")
    check(
      hosted.invoke(domain, .domainConfigure, guarded, protectionDomain, 0, by: hosted.root),
      "configure \(name)")
    check(
      hosted.invoke(
        cnode, .cnodeCopy, Slots.cnode, BootInfo.RootSlot.cnode.rawValue, guarded, 7, by: hosted.root),
      "give \(name) its CNode")
    let bytes = [UInt8](name.utf8) + Array(repeating: 0, count: 16 - name.utf8.count)
    let word = { (from: Int) in (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[from + $1]) << UInt64($1 * 8) }
    }
    check(hosted.invoke(domain, .domainSetName, word(0), word(8), by: hosted.root), "name \(name)")
    domains[name] = Reference(hosted.rootSlot(domain).capability.address)
    cnodes[name] = cnode
    protectionDomains[name] = protectionDomain
    let slice = nextSlot
    nextSlot += 1
    check(
      hosted.invoke(
        timeSlice, .timeSliceSplit, 8,
        BootInfo.RootSlot.cnode.rawValue, slice, by: hosted.root), "split time for \(name)")
    check(hosted.invoke(slice, .timeSliceBind, domain, by: hosted.root), "give \(name) time")
    timeSlice = slice
    check(hosted.invoke(domain, .domainStart, 0x1000, 0x2000, by: hosted.root), "start \(name)")
  }

  private var cnodes: [String: UInt64] = [:]
  private var protectionDomains: [String: UInt64] = [:]
  private var timeSlice = BootInfo.RootSlot.timeSlice.rawValue

  private func give(_ name: String, _ source: UInt64, at slot: UInt64, rights: Rights, badge: UInt64 = 0) {
    guard let cnode = cnodes[name] else { preconditionFailure(name) }
    check(
      hosted.invoke(
        cnode, .cnodeMint, slot, BootInfo.RootSlot.cnode.rawValue, source, UInt64(rights.rawValue), badge,
        by: hosted.root), "give \(name) a capability")
  }

  /// One segment with two pages, writable for client-b and read-only for the server.
  private func mapShared(_ segment: UInt64) {
    for page in UInt64(0)..<2 {
      check(hosted.invoke(segment, .segmentMap, make(.frame), page, 3, by: hosted.root), "map")
    }
    let address = hosted.invoke(segment, .segmentGetAddress, by: hosted.root).words[0]
    for (name, rights) in [("client-b", UInt64(3)), ("server", 1)] {
      guard let protectionDomain = protectionDomains[name] else { preconditionFailure(name) }
      for _ in 0..<2 {
        check(
          hosted.invoke(
            protectionDomain, .protectionDomainInstall, make(.pageTable), address, by: hosted.root), "install"
        )
      }
      let copy = nextSlot
      nextSlot += 1
      let cnode = BootInfo.RootSlot.cnode.rawValue
      check(hosted.invoke(cnode, .cnodeCopy, copy, cnode, segment, 7, by: hosted.root), "copy segment")
      check(
        hosted.invoke(protectionDomain, .protectionDomainAttach, copy, rights, by: hosted.root), "attach")
    }
  }

  private func routeAlarm(_ alarm: UInt64) {
    let handler = nextSlot
    let badged = nextSlot + 1
    nextSlot += 2
    let cnode = BootInfo.RootSlot.cnode.rawValue
    check(
      hosted.invoke(
        BootInfo.RootSlot.irqControl.rawValue, .irqControlGet, 34, 0, cnode, handler, by: hosted.root),
      "take the alarm's line")
    check(hosted.invoke(cnode, .cnodeMint, badged, cnode, alarm, 7, 1, by: hosted.root), "badge the alarm")
    check(hosted.invoke(handler, .irqHandlerBind, badged, by: hosted.root), "bind the alarm")
  }

  /// Everybody does what it does for ever: the server and client-b meet, client-a waits its turn.
  private func block() {
    for name in ["server", "client-b", "client-a", "clock", "waiter"] {
      guard let domain = domains[name] else { preconditionFailure(name) }
      switch name {
      case "server", "clock":
        let slot = name == "server" ? Slots.endpoint : Slots.notification
        hosted.systemCall(SystemCall.receive.rawValue, slot, by: domain)
      default:
        let info = MessageInfo(label: 1, length: 1)
        hosted.systemCall(SystemCall.call.rawValue, Slots.endpoint, info: info, words: [2], by: domain)
      }
    }
  }
}

private func rank(_ untyped: BootUntyped) -> UInt32 { untyped.isDevice != 0 ? 0 : untyped.sizeBits }
