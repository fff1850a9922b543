import KernelObjects
import Testing

@Suite struct CapabilityTests {
  @Test func `every stored type is read as what it is, and a number that is no type as none`() {
    for number in UInt8(0)..<32 {
      var capability = Capability.null
      capability.word0 = Capability.typeField.pack(UInt64(number))
      #expect(capability.type == (CapabilityType(rawValue: number) ?? .null))
    }
  }

  @Test func `every field of the first word is read back as it was written, whatever the others hold`() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<10_000 {
      let address = UInt64.random(in: 0..<(1 << 44), using: &generator)
      let radix = UInt64.random(in: 0..<64, using: &generator)
      let guardSize = UInt64.random(in: 0..<64, using: &generator)
      let value = UInt64.random(in: 0...UInt64.max, using: &generator)
      var capability = Capability.cnode(
        address: address, radix: radix, guardSize: guardSize, guardValue: value)
      capability.rights = .read
      #expect(capability.address == address)
      #expect(capability.radix == radix)
      #expect(capability.guardSize == guardSize)
      #expect(capability.guardValue == value)
      #expect(capability.rights == .read)
      #expect(capability.type == .cnode)
    }
  }

  @Test func `the fields of the first word do not overlap and fill it`() {
    let fields = [
      Capability.addressField, Capability.sizeField, Capability.guardSizeField, Capability.rightsField,
      Capability.typeField,
    ]
    var seen: UInt64 = 0
    for field in fields {
      let bits = field.pack(.max)
      #expect(seen & bits == 0)
      seen |= bits
    }
    #expect(seen == .max)
  }

  @Test func `a table link keeps page, index, ASID and level apart from the device bit`() {
    let link = TableLink(table: 0x1234_5000, index: 511, asid: 65_535, level: 2)
    var capability = Capability(type: .frame, address: 0x9000_0000, word1: Capability.deviceField.pack(1))
    capability.link = link
    #expect(capability.isDevice)
    #expect(capability.link.table == 0x1234_5000)
    #expect(capability.link.index == 511)
    #expect(capability.link.asid == 65_535)
    #expect(capability.link.level == 2)
    #expect(capability.link.isLinked)
    capability.link = TableLink(word: 0)
    #expect(capability.isDevice)
    #expect(!capability.link.isLinked)
  }

  @Test func `capabilities to one object are the same whatever badge and rights they have`() {
    let endpoint = Capability(type: .endpoint, address: 0x4000)
    var badged = endpoint
    badged.word1 = 7
    badged.rights = .write
    #expect(badged.isSameObject(as: endpoint))
    #expect(!Capability(type: .notification, address: 0x4000).isSameObject(as: endpoint))
    #expect(!Capability.null.isSameObject(as: .null))
  }

  @Test func `an invocation's label names the type that understands it`() {
    for invocation in Invocation.allCases {
      let type = CapabilityType(rawValue: invocation.objectType)
      #expect(type != nil && type != .null && type != .zombie, "\(invocation)")
    }
  }
}
