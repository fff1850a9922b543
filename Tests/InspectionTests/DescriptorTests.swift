import Inspection
import KernelImage
import KernelObjects
import Testing
import TargetLink

@Suite struct DescriptorTests {
  @Test func `a descriptor is found by scanning memory for its magic words`() throws {
    let descriptor = try DescriptorLocator.locate(in: SmallSystem().image.target)
    #expect(descriptor.version == "0.1.0")
    #expect(descriptor.build == "test")
    #expect(try descriptor.size(of: "Slot") == MemoryLayout<Slot>.size)
  }

  @Test func `memory without a kernel is refused and the places that were searched are named`() {
    let target = InMemoryTarget(image: [0x4000_0000: [UInt8](repeating: 7, count: 1 << 16)])
    #expect {
      try DescriptorLocator.locate(in: target)
    } throws: {
      let error = try #require($0 as? InspectionError)
      return error.isNotVesper && error.description.contains("0x40000000")
    }
  }

  @Test func `a changed byte of the body is noticed by the checksum`() throws {
    var bytes = try Self.descriptorBytes()
    bytes[100] ^= 1
    #expect(throws: InspectionError.damagedDescriptor(reason: "its checksum is wrong")) {
      try KernelDescriptor(bytes: bytes)
    }
  }

  @Test func `an unknown version is refused by its number`() throws {
    var bytes = try Self.descriptorBytes()
    bytes[16] = 9
    #expect(throws: InspectionError.unknownDescriptorVersion(9)) { try KernelDescriptor(bytes: bytes) }
  }

  @Test(arguments: [
    "field Domain blockedOn", "bits Capability rights", "constant slotSizeBits", "object Endpoint",
  ])
  func `a kernel without something that is needed is refused by name and version`(_ line: String) throws {
    let descriptor = try KernelDescriptor(bytes: Self.edited { $0.filter { !$0.hasPrefix(line + " ") } })
    let name = line.split(separator: " ").dropFirst().joined(separator: ".")
    #expect {
      try KernelLayouts(descriptor)
    } throws: {
      let text = "\($0)"
      return text.contains("kernel vesper 0.1.0 (build test) has no") && text.contains(name)
    }
  }

  @Test(arguments: [
    ("field Slot child", "field Slot child ffff 4"), ("field Slot child", "field Slot child 10 3"),
    ("object Slot", "object Slot ffffffff"), ("object Slot", "object Slot 0"),
    ("bits Capability size", "bits Capability size 0 3f 6"),
    ("constant slotParentTag", "constant slotParentTag 3"),
    ("constant slotSizeBits", "constant slotSizeBits 6"), ("object Domain", "object Domain 4001"),
    ("object Endpoint", "object Endpoint 10000"),
  ])
  func `a description that cannot be is refused`(_ prefix: String, _ replacement: String) throws {
    let descriptor = try KernelDescriptor(
      bytes: Self.edited { $0.map { $0.hasPrefix(prefix + " ") ? replacement : $0 } })
    #expect(throws: InspectionError.self) { try KernelLayouts(descriptor) }
  }

  @Test func `lines of an unknown kind are skipped, with those that belong to them`() throws {
    let bytes = try Self.edited { ["weather sunny 3", " Domain 1"] + $0 }
    #expect(try KernelDescriptor(bytes: bytes).version == "0.1.0")
    #expect(try KernelDescriptor(bytes: bytes).size(of: "Domain") == MemoryLayout<Domain>.size)
  }

  @Test(arguments: [1, 2] as [UInt32])
  func `fields are where the compiler put them, in the words of either version`(version: UInt32) throws {
    let descriptor = try KernelDescriptor(bytes: Self.edited(version: version) { $0 })
    let original = try KernelDescriptor(bytes: Self.descriptorBytes())
    for descriptor in [descriptor, original] {
      // One that tells neither size nor offset, one that tells its size, one that tells both.
      for (name, offset, size) in [
        ("servedBy", MemoryLayout<Domain>.offset(of: \.servedBy), 8),
        ("faultKind", MemoryLayout<Domain>.offset(of: \.faultKind), 4),
        ("cnodeRoot", MemoryLayout<Domain>.offset(of: \.cnodeRoot), MemoryLayout<Slot>.size),
      ] {
        let field = try descriptor.field("Domain", name)
        #expect(field.offset == offset && field.size == size, "\(name)")
      }
    }
  }

  /// The descriptor of the small system.
  static func descriptorBytes() throws -> [UInt8] {
    try SmallSystem().image.target.readPhysical(address: ImageBuilder.base, count: DescriptorHeader.sizeLimit)
  }

  /// The descriptor with other lines, and a checksum that fits them.
  static func edited(version: UInt32 = 2, _ change: ([String]) -> [String]) throws -> [UInt8] {
    let bytes = try descriptorBytes()
    let size = bytes[24..<28].reversed().reduce(0) { $0 << 8 | Int($1) }
    var text = DescriptorText(bytes[32..<32 + size])
    text.lines = change(text.lines)
    return text.bytes(version: version)
  }
}
