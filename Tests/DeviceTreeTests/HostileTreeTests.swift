import Testing

@testable import DeviceTree

private func read(_ blob: [UInt8]) throws {
  _ = try blob.withUnsafeBytes { try BoardDescription(DeviceTree($0)) }
}

@Suite struct HostileTreeTests {
  @Test func `refuses memory that holds no tree`() {
    #expect(throws: DeviceTreeError.badMagic) { try read([UInt8](repeating: 0, count: 64)) }
    #expect(throws: DeviceTreeError.malformed) { try read([0xd0, 0x0d, 0xfe, 0xed]) }
    #expect(throws: DeviceTreeError.malformed) { try read([]) }
  }

  @Test func `refuses versions it cannot read`() {
    let tree = TreeBuilder.virt()
    #expect(throws: DeviceTreeError.unsupportedVersion) { try read(tree.blob(version: 16)) }
    #expect(throws: DeviceTreeError.unsupportedVersion) { try read(tree.blob(version: 18, compatible: 18)) }
  }

  @Test func `refuses a tree that is longer than its memory`() {
    let blob = TreeBuilder.virt().blob()
    #expect(throws: DeviceTreeError.malformed) { try read(Array(blob.dropLast())) }
  }

  @Test func `refuses nodes that are not closed or not opened`() {
    var open = TreeBuilder()
    open.begin("")
    #expect(throws: DeviceTreeError.malformed) { try read(open.blob()) }
    var closed = TreeBuilder()
    closed.end()
    #expect(throws: DeviceTreeError.malformed) { try read(closed.blob()) }
  }

  @Test func `refuses nesting without end`() {
    var tree = TreeBuilder()
    for _ in 0...DeviceTree.depthLimit + 1 { tree.begin("n") }
    #expect(throws: DeviceTreeError.tooDeep) { try read(tree.blob()) }
  }

  @Test func `survives any single wrong byte`() {
    let blob = TreeBuilder.virt().blob()
    for index in blob.indices {
      for flip: UInt8 in [0x01, 0x80, 0xff] {
        var damaged = blob
        damaged[index] ^= flip
        // Whether it is refused depends on the byte; that reading ends without a trap is what is tested.
        do { try read(damaged) } catch { #expect(error is DeviceTreeError) }
      }
    }
  }
}
