internal import KernelObjects

/// A system of many capabilities by hand: CNodes of 128 slots, each with 100 badged capabilities to one endpoint.
package struct LargeSystem {
  package private(set) var image: ImageBuilder
  package let cnodeCount: Int
  package static let capabilitiesPerCNode = 100
  private static let radix: UInt64 = 7

  /// All capabilities: those in the CNodes, those to them, and a few of the root's.
  package var capabilityCount: Int { cnodeCount * (Self.capabilitiesPerCNode + 1) }

  package init(cnodeCount: Int) {
    self.cnodeCount = cnodeCount
    let cnodeBytes = UInt64(32) << Self.radix
    image = ImageBuilder(size: (2 << 20) + cnodeCount * Int(cnodeBytes))
    let rootRadix: UInt64 = 14
    let rootBytes = UInt64(32) << rootRadix
    let root = image.allocate(2048, alignment: 2048)
    let endpoint = image.allocate(32, alignment: 32)
    let table = image.allocate(rootBytes, alignment: rootBytes)
    let slot = { (index: Int) in table + UInt64(index) << 5 }
    let rootCapability = Capability.cnode(address: table, radix: rootRadix, guardSize: 64 - rootRadix)
    image.install(rootCapability, at: slot(1), below: image.origin)
    image.install(Capability(type: .domain, address: root), at: slot(2), below: image.origin)
    image.install(Capability(type: .endpoint, address: endpoint), at: slot(3), below: image.origin)
    image.install(rootCapability, at: image.place(\Domain.cnodeRoot, of: root), below: slot(1))
    for number in 0..<cnodeCount {
      let cnode = image.allocate(cnodeBytes, alignment: cnodeBytes)
      image.install(
        .cnode(address: cnode, radix: Self.radix, guardSize: 0), at: slot(16 + number), below: image.origin)
      for index in 0..<Self.capabilitiesPerCNode {
        let badge = UInt64(number * Self.capabilitiesPerCNode + index)
        image.install(
          Capability(type: .endpoint, address: endpoint, rights: .write, word1: badge),
          at: cnode + UInt64(index) << 5, below: slot(3))
      }
    }
    image.set(\KernelState.epoch, of: image.state, to: 42)
    image.set(\KernelState.current, of: image.state, to: root)
    image.set(\KernelState.rootCNode, of: image.state, to: table)
    image.set(\KernelState.rootDomain, of: image.state, to: root)
    image.writeDescriptor()
  }
}
