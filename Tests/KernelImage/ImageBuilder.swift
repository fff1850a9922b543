package import KernelObjects
package import TargetLink

/// Physical memory in which kernel objects are put by hand, as the kernel lays them out.
package struct ImageBuilder {
  package static let base: UInt64 = 0x4000_0000
  package private(set) var bytes: [UInt8]
  package let state: UInt64
  private var free: UInt64
  /// First address that no object uses.
  package var end: UInt64 { free }

  package init(size: Int = 1 << 20) {
    bytes = [UInt8](repeating: 0, count: size)
    free = Self.base + 0x8000
    state = Self.base + 0x8000
    free += UInt64(MemoryLayout<KernelState>.size)
  }

  /// Memory that nothing uses yet.
  package mutating func allocate(_ size: UInt64, alignment: UInt64) -> UInt64 {
    free = (free + alignment - 1) & ~(alignment - 1)
    defer { free += size }
    return free
  }

  package func load<Value: BitwiseCopyable>(_ type: Value.Type, at address: UInt64) -> Value {
    bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: Int(address - Self.base), as: type) }
  }

  package mutating func store<Value>(_ value: Value, at address: UInt64) {
    withUnsafeBytes(of: value) { source in
      bytes.withUnsafeMutableBytes { $0[Int(address - Self.base)...].copyBytes(from: source) }
    }
  }

  /// Where a field of an object is.
  package func place<Object>(_ field: PartialKeyPath<Object>, of address: UInt64) -> UInt64 {
    address + UInt64(MemoryLayout<Object>.offset(of: field) ?? 0)
  }

  /// Sets a field of the object at `address`.
  package mutating func set<Object, Value>(
    _ field: WritableKeyPath<Object, Value>, of address: UInt64, to value: Value
  ) {
    store(value, at: place(field, of: address))
  }

  /// The memory as a target, which finds the descriptor at its start.
  package var target: InMemoryTarget { InMemoryTarget(image: [Self.base: bytes]) }
}

extension ImageBuilder {
  package var origin: UInt64 { place(\KernelState.origin, of: state) }

  /// Puts a capability into a slot, as the last child of another.
  package mutating func install(_ capability: Capability, at address: UInt64, below parent: UInt64) {
    var slot = Slot()
    slot.capability = capability
    slot.next = number(parent) | Slot.parentTag
    var above = load(RawSlot.self, at: parent)
    if above.child == 0 {
      slot.previous = number(address)
      above.child = number(address)
      store(above, at: parent)
    } else {
      var first = load(RawSlot.self, at: UInt64(above.child) << 5)
      slot.previous = first.previous
      if first.previous == above.child {
        first.next = number(address)
        first.previous = number(address)
        store(first, at: UInt64(above.child) << 5)
      } else {
        var last = load(RawSlot.self, at: UInt64(first.previous) << 5)
        last.next = number(address)
        store(last, at: UInt64(first.previous) << 5)
        first.previous = number(address)
        store(first, at: UInt64(above.child) << 5)
      }
    }
    store(slot, at: address)
  }

  private func number(_ address: UInt64) -> UInt32 { UInt32(address >> 5) }

  /// Writes the descriptor at the start of memory; `build` stands for the start of an image's build ID.
  /// The kernel's own half is translated from `kernelRoot`, if that is not 0.
  package mutating func writeDescriptor(build: UInt64 = 0, kernelRoot: UInt64 = 0) {
    var facts = DescriptorFacts(
      version: "0.1.0", buildID: "test", board: "image", state: state, directMapOffset: 0xffff_0000_0000_0000,
      imageBase: Self.base, imageSize: 0x8000, timerFrequency: 62_500_000, tickCounts: 625_000,
      distributor: 0, uart: 0)
    facts.imageHash = build
    facts.translation = (ttbr1: kernelRoot, mair: 0x44_04ff, tcr: 0x5_b510_3510, sctlr: 1 << 19)
    let size = bytes.withUnsafeMutableBytes {
      KernelObjects.writeDescriptor(
        facts, into: UnsafeMutableRawBufferPointer(rebasing: $0[..<DescriptorHeader.sizeLimit]))
    }
    precondition(size != nil, "the descriptor does not fit")
  }
}

/// A slot's words, so that it can be read as plain bytes.
struct RawSlot: BitwiseCopyable {
  var word0, word1: UInt64
  var child, next, previous, generation: UInt32
}
