internal import KernelObjects
internal import LibVesper

/// Revoke and delete.
extension Yard {
  func derivationRows() throws(Refusal) {
    try revokeOfManyRow()
    try revokeOfChainRow()
    try revokeOfMappedFramesRow()
    try revokeOfSystemRow()
  }

  func deletionRows() throws(Refusal) {
    try fullCNodeRow()
    try emptyCNodeRow()
    try domainRow()
    try configureRow()
  }

  /// 4,000 capabilities side by side.
  private func revokeOfManyRow() throws(Refusal) {
    try make(.endpoint, at: 0)
    for index in 0..<UInt64(4000) { try cnode.mint(to: index, from: slot(0), badge: index + 1) }
    try longest("revoke") { () throws(Refusal) in try root.revoke(firstSlot) }
    try clear()
  }

  /// Each derived from the one before.
  private func revokeOfChainRow() throws(Refusal) {
    try make(.endpoint, at: 0)
    try cnode.copy(to: 0, from: slot(0))
    for index in 1..<UInt64(4000) { try cnode.copy(to: index, from: SlotReference(cnode, index - 1)) }
    try longest("revoke-chain") { () throws(Refusal) in try root.revoke(firstSlot) }
    try clear()
  }

  /// A page of memory, mapped in 512 places.
  private func revokeOfMappedFramesRow() throws(Refusal) {
    try make(.segment, at: 0)
    try make(.frame, at: 1)
    let segment = SegmentCapability(pointer(0))
    for page in 0..<SegmentCapability.pageCount {
      try root.copy(to: firstSlot + 2 + page, from: slot(1))
      try segment.map(FrameCapability(pointer(2 + page)), at: page, rights: .readWrite)
    }
    try longest("revoke-mapped") { () throws(Refusal) in try root.revoke(firstSlot + 1) }
    try clear()
  }

  /// Memory of which a system of 64 domains was made.
  private func revokeOfSystemRow() throws(Refusal) {
    let count: UInt64 = 64
    try make(.protectionDomain, at: 0)
    for index in 0..<count {
      try make(.cnode, sizeBits: 6, at: 1 + 4 * index)
      try make(.domain, at: 2 + 4 * index)
      try make(.notification, at: 3 + 4 * index)
      let domain = DomainCapability(pointer(2 + 4 * index))
      let space = CNodeCapability(pointer(1 + 4 * index))
      try domain.configure(
        cnode: space, protectionDomain: ProtectionDomainCapability(pointer(0)), faultEndpoint: nil)
      try domain.bind(NotificationCapability(pointer(3 + 4 * index)))
      for place in 0..<UInt64(60) { try space.copy(to: place, from: slot(2 + 4 * (place % (index + 1)))) }
      try time.bind(to: domain)
    }
    try longest("revoke-system") { () throws(Refusal) in try clear() }
  }

  private func fullCNodeRow() throws(Refusal) {
    try make(.cnode, sizeBits: 12, at: 0)
    try make(.endpoint, count: 4096, at: 0, in: CNodeCapability(pointer(0)))
    try longest("delete-cnode") { () throws(Refusal) in try root.delete(firstSlot) }
    try clear()
  }

  private func emptyCNodeRow() throws(Refusal) {
    try make(.cnode, sizeBits: 16, at: 0)
    try longest("delete-empty-cnode") { () throws(Refusal) in try root.delete(firstSlot) }
    try clear()
  }

  private func domainRow() throws(Refusal) {
    try domainWithAll(at: 0)
    try longest("delete-domain") { () throws(Refusal) in try root.delete(firstSlot) }
    try clear()
  }

  private func configureRow() throws(Refusal) {
    try domainWithAll(at: 0)
    try longest("configure") { () throws(Refusal) in try configureAnew(at: 0) }
    try clear()
  }

  /// A domain with the only capabilities to its full CNode and its ProtectionDomain, and with all time that there is.
  func domainWithAll(at index: UInt64) throws(Refusal) {
    try make(.domain, at: index)
    try make(.cnode, sizeBits: 12, at: index + 1)
    try make(.protectionDomain, at: index + 2)
    try make(.endpoint, at: index + 3)
    let domain = DomainCapability(pointer(index))
    try make(.endpoint, count: 4096, at: 0, in: CNodeCapability(pointer(index + 1)))
    try domain.configure(
      cnode: CNodeCapability(pointer(index + 1)),
      protectionDomain: ProtectionDomainCapability(pointer(index + 2)),
      faultEndpoint: EndpointCapability(pointer(index + 3)))
    try time.bind(to: domain)
    for other in 1...UInt64(3) { try root.delete(firstSlot + index + other) }
  }

  /// Gives the same domain another CNode and another ProtectionDomain. What it had is left to be destroyed.
  func configureAnew(at index: UInt64) throws(Refusal) {
    try make(.cnode, sizeBits: 4, at: index + 1)
    try make(.protectionDomain, at: index + 2)
    try DomainCapability(pointer(index)).configure(
      cnode: CNodeCapability(pointer(index + 1)),
      protectionDomain: ProtectionDomainCapability(pointer(index + 2)),
      faultEndpoint: nil)
  }
}
