/// A target that is a picture of memory, or ranges of this process's own memory: for tests.
package final class InMemoryTarget: Target {
  package let wayIn = "memory"
  package let capabilities: TargetCapabilities = [.readsWhileRunning, .writesMemory]
  package let state = RunState.running
  package var directMapOffset: UInt64 = 0
  package var onConsoleText: (([UInt8]) -> Void)?

  /// What ``readDescriptor()`` answers.
  package var descriptor: [UInt8]?

  private var image: [UInt64: [UInt8]]
  private let live: [MemoryRange]

  /// Memory that consists of these blocks, each at its address. Blocks must not overlap.
  package init(image: [UInt64: [UInt8]]) {
    self.image = image
    live = []
  }

  /// Memory that is this process's own within `ranges`: physical address and host address are the same.
  ///
  /// The caller keeps the memory mapped, readable and writable for as long as the target is used. Elsewhere it
  /// consists of the blocks of `image`.
  package init(live ranges: [MemoryRange], image: [UInt64: [UInt8]] = [:]) {
    self.image = image
    live = ranges
  }

  package func readPhysical(_ ranges: [MemoryRange]) throws(TargetError) -> [[UInt8]?] {
    ranges.map { range in
      if range.count == 0 { return [] }
      if live.contains(where: { $0.encloses(range) }) {
        return UnsafeRawPointer(bitPattern: UInt(range.address)).map {
          [UInt8](UnsafeRawBufferPointer(start: $0, count: range.count))
        }
      }
      return block(enclosing: range).map { base, bytes in
        let start = Int(range.address - base)
        return Array(bytes[start..<start + range.count])
      }
    }
  }

  package func writePhysical(_ bytes: [UInt8], at address: UInt64) throws(TargetError) {
    let range = MemoryRange(address: address, count: bytes.count)
    if live.contains(where: { $0.encloses(range) }),
      let start = UnsafeMutableRawPointer(bitPattern: UInt(address))
    {
      UnsafeMutableRawBufferPointer(start: start, count: bytes.count).copyBytes(from: bytes)
    } else if let (base, old) = block(enclosing: range) {
      let start = Int(address - base)
      var new = old
      new.replaceSubrange(start..<start + bytes.count, with: bytes)
      image[base] = new
    } else {
      throw .unwritable(address: address, count: bytes.count)
    }
  }

  package func readDescriptor() throws(TargetError) -> [UInt8]? { descriptor }

  package func detach(keepingStop: Bool) {}

  private func block(enclosing range: MemoryRange) -> (UInt64, [UInt8])? {
    image.first { base, bytes in MemoryRange(address: base, count: bytes.count).encloses(range) }
      .map { ($0.key, $0.value) }
  }
}

extension MemoryRange {
  /// Whether all of `other` lies inside; false for a range that passes the end of the address space.
  func encloses(_ other: MemoryRange) -> Bool {
    guard count >= 0, other.count >= 0, other.address >= address else { return false }
    let offset = other.address - address
    return offset <= UInt64(count) && UInt64(other.count) <= UInt64(count) - offset
  }
}
