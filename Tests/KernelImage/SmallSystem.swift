internal import KernelObjects

/// A system by hand: a root domain, a server that receives, and a client that waits to call it.
package struct SmallSystem {
  package var image = ImageBuilder()
  package let rootCNode, serverCNode: UInt64
  package let root, server, client: UInt64
  package let endpoint, notification: UInt64
  /// The server's translation tables, one a level; the last one is a segment of three pages.
  package let tables: [UInt64]

  package init() {
    rootCNode = image.allocate(64 << 5, alignment: 64 << 5)
    serverCNode = image.allocate(8 << 5, alignment: 8 << 5)
    root = image.allocate(2048, alignment: 2048)
    server = image.allocate(2048, alignment: 2048)
    client = image.allocate(2048, alignment: 2048)
    endpoint = image.allocate(32, alignment: 32)
    notification = image.allocate(32, alignment: 32)
    let firstTable = image.allocate(4 * 4096, alignment: 4096)
    tables = (0..<4).map { firstTable + $0 * 4096 }
    fillRootCNode()
    fillServerCNode()
    fillTables()
    fillState()
    fillDomains()
    image.writeDescriptor()
  }

  /// Address of a slot of the root's CNode.
  package func rootSlot(_ index: UInt64) -> UInt64 { rootCNode + index << 5 }

  package func serverSlot(_ index: UInt64) -> UInt64 { serverCNode + index << 5 }

  private mutating func fillRootCNode() {
    let rootCapability = Capability.cnode(address: rootCNode, radix: 6, guardSize: 58)
    image.install(rootCapability, at: rootSlot(1), below: image.origin)
    image.install(Capability(type: .domain, address: root), at: rootSlot(2), below: image.origin)
    image.install(
      Capability(type: .timeSlice, word1: Capability.timeSlice(start: 0, count: 64).word1), at: rootSlot(4),
      below: image.origin)
    image.install(
      .untyped(address: ImageBuilder.base + 0x8_0000, sizeBits: 19, isDevice: false), at: rootSlot(8),
      below: image.origin)
    image.install(
      .cnode(address: serverCNode, radix: 3, guardSize: 0), at: rootSlot(9), below: rootSlot(8))
    image.install(Capability(type: .domain, address: server), at: rootSlot(10), below: rootSlot(8))
    image.install(Capability(type: .domain, address: client), at: rootSlot(11), below: rootSlot(8))
    image.install(Capability(type: .endpoint, address: endpoint), at: rootSlot(12), below: rootSlot(8))
    image.install(
      Capability(type: .notification, address: notification), at: rootSlot(13), below: rootSlot(8))
    image.install(
      rootCapability, at: image.place(\Domain.cnodeRoot, of: root), below: rootSlot(1))
  }

  private mutating func fillServerCNode() {
    image.install(
      .cnode(address: serverCNode, radix: 3, guardSize: 61), at: image.place(\Domain.cnodeRoot, of: server),
      below: rootSlot(9))
    image.install(
      Capability(type: .endpoint, address: endpoint, rights: .read), at: serverSlot(3), below: rootSlot(12))
    image.install(
      Capability(type: .endpoint, address: endpoint, rights: Rights.write.union(.grant), word1: 0x11),
      at: rootSlot(14), below: rootSlot(12))
  }

  /// The server reaches its segment without the right to write.
  private mutating func fillTables() {
    let address = AddressSpace.segmentAddress(table: tables[3])
    for level in UInt64(0)..<3 {
      let rights: Rights = level == 2 ? .read.union(.execute) : .all
      image.store(
        TranslationDescriptor.table(address: tables[Int(level) + 1], rights: rights).word,
        at: tables[Int(level)] + AddressSpace.index(of: address, level: level) * 8)
    }
    for page in UInt64(0)..<3 {
      let rights: Rights = page == 2 ? .read.union(.execute) : .read.union(.write)
      image.store(
        TranslationDescriptor.userPage(
          address: ImageBuilder.base + 0x8_0000 + page << 12, rights: rights, isDevice: false
        ).word, at: tables[3] + page * 8)
    }
    image.install(
      Capability(type: .protectionDomain, address: tables[0], word1: 1), at: rootSlot(16), below: rootSlot(8))
    image.install(
      Capability(type: .protectionDomain, address: tables[0], word1: 1),
      at: image.place(\Domain.protectionDomain, of: server), below: rootSlot(16))
    image.install(Capability(type: .segment, address: tables[3]), at: rootSlot(17), below: rootSlot(8))
  }

  private mutating func fillState() {
    image.set(\KernelState.epoch, of: image.state, to: 42)
    image.set(\KernelState.current, of: image.state, to: root)
    image.set(\KernelState.rootCNode, of: image.state, to: rootCNode)
    image.set(\KernelState.rootDomain, of: image.state, to: root)
    for index in 0..<64 {
      let slices = image.place(\KernelState.slices, of: image.state)
      let entry = slices + UInt64(index * MemoryLayout<SliceEntry>.stride)
      image.store([index < 32 ? root : 0, 5] as InlineArray<2, UInt64>, at: entry)
      // The root used a part, lent a part to the client, and gave up the rest.
      if index < 32 {
        image.store([2_500_000, 500_000, client] as InlineArray<3, UInt64>, at: entry + 16)
      }
    }
  }

  private mutating func fillDomains() {
    fill(root, "root", .ready)
    fill(server, "server", .blockedOnNotification)
    fill(client, "client", .blockedOnSend)
    image.set(\Domain.blockedOn, of: server, to: notification)
    image.set(\Notification.waitHead, of: notification, to: server)
    image.set(\Notification.waitTail, of: notification, to: server)
    image.set(\Domain.blockedOn, of: client, to: endpoint)
    image.set(\Domain.sendBadge, of: client, to: 0x11)
    image.set(\Domain.messageFlags, of: client, to: MessageFlags.isCall.rawValue)
    image.set(\Endpoint.sendHead, of: endpoint, to: client)
    image.set(\Endpoint.sendTail, of: endpoint, to: client)
    image.set(\Domain.boundSlices, of: root, to: 32)
  }

  private mutating func fill(_ domain: UInt64, _ name: String, _ state: DomainState) {
    image.set(\Domain.state, of: domain, to: state.rawValue)
    image.set(\Domain.registers.pc, of: domain, to: 0x20_0000_1000)
    for (index, byte) in name.utf8.prefix(16).enumerated() {
      image.store(byte, at: image.place(\Domain.name, of: domain) + UInt64(index))
    }
    image.store(
      Capability(
        type: .reply, address: domain, word1: Capability.replyMasterField.pack(1)
      ).words, at: image.place(\Domain.replyMaster, of: domain))
  }
}

extension Capability {
  fileprivate var words: (UInt64, UInt64) { (word0, word1) }
}
