internal import GDBProtocol
internal import GDBStub
internal import KernelArch
internal import KernelCore
internal import KernelObjects

// Memory as a debugger names it. An address of the kernel's half means what the processor says it means; one of
// the user's half means the same in every domain, so it is looked up in its segment, whoever runs.
extension KernelTarget {
  mutating func readMemory(_ address: UInt64, into bytes: ByteBuffer) -> Int {
    var count = 0
    while count < bytes.count {
      guard let place = place(of: address &+ UInt64(count)) else { return count }
      let part = bytes.part(from: count, limit: bytesInPage(from: place.physical))
      if place.isDevice {
        // Only as a whole, in the width that was asked for.
        return count == 0 && part.count == bytes.count && readDevice(place, into: part) ? part.count : count
      }
      guard readNormal(place, into: part) else { return count }
      count &+= part.count
    }
    return count
  }

  mutating func writeMemory(_ address: UInt64, from bytes: ByteBuffer) -> Int {
    var count = 0
    while count < bytes.count {
      guard let place = place(of: address &+ UInt64(count)) else { return count }
      let part = bytes.part(from: count, limit: bytesInPage(from: place.physical))
      if place.isDevice {
        return count == 0 && part.count == bytes.count && writeDevice(place, from: part) ? part.count : count
      }
      guard writeNormal(place, from: part) else { return count }
      count &+= part.count
    }
    return count
  }

  private func bytesInPage(from address: UInt64) -> Int { Int(4096 &- address & 4095) }

  private func place(of address: UInt64) -> AddressTranslation.Place? {
    if address &>> 48 == 0xffff { return AddressTranslation.place(of: address) }
    guard address &>> 48 == 0 else { return nil }
    let table = (address &>> AddressSpace.segmentBits) &<< AddressSpace.pageBits
    guard isTable(table) else { return nil }
    let index = AddressSpace.index(of: address, level: 3)
    let descriptor = TranslationDescriptor(word: Reference<UInt64>(table)[index].object)
    // Only pages have the access flag: the page may hold a table of another level.
    guard descriptor.isTable, TranslationDescriptor.accessFlagField.read(descriptor.word) == 1 else {
      return nil
    }
    let attribute = TranslationDescriptor.attributeField.read(descriptor.word)
    return AddressTranslation.Place(
      physical: descriptor.address | address & 4095,
      isDevice: attribute == TranslationDescriptor.MemoryAttribute.deviceNGnRE.rawValue)
  }

  func isTable(_ page: UInt64) -> Bool {
    guard page >= kernel.state.generationBase else { return false }
    let number = (page &- kernel.state.generationBase) &>> AddressSpace.pageBits
    return number < kernel.state.generationCount
      && Reference<UInt32>(kernel.state.generations)[number].object != 0
  }

  private func readNormal(_ place: AddressTranslation.Place, into bytes: ByteBuffer) -> Bool {
    let address = DirectMap.virtualAddress(place.physical)
    guard AddressTranslation.place(of: address)?.isDevice == false else { return false }
    var offset = 0
    while offset < bytes.count {
      let start = address &+ UInt64(offset)
      let width = start & 7 == 0 && bytes.count &- offset >= 8 ? 8 : 1
      guard let value = Probe.load(start, width: width) else { return false }
      bytes.store(value, at: offset, bytes: width)
      offset &+= width
    }
    return true
  }

  private func writeNormal(_ place: AddressTranslation.Place, from bytes: ByteBuffer) -> Bool {
    let address = DirectMap.virtualAddress(place.physical)
    guard AddressTranslation.place(of: address)?.isDevice == false else { return false }
    let succeeded =
      AddressTranslation.isWritable(address)
      ? store(bytes, at: address)
      : window.withPage(of: place.physical, isDevice: false) { store(bytes, at: $0) }
    // It may have been code, for any address that leads there.
    synchronizeInstructions(at: address, count: UInt64(bytes.count))
    return succeeded
  }

  private func store(_ bytes: ByteBuffer, at address: UInt64) -> Bool {
    for offset in 0..<bytes.count {
      guard Probe.store(bytes.load(at: offset, bytes: 1), at: address &+ UInt64(offset), width: 1) else {
        return false
      }
    }
    return true
  }

  private func readDevice(_ place: AddressTranslation.Place, into bytes: ByteBuffer) -> Bool {
    guard isAccess(place.physical, bytes.count) else { return false }
    let value = window.withPage(of: place.physical, isDevice: true) { Probe.load($0, width: bytes.count) }
    guard let value else { return false }
    bytes.store(value, at: 0, bytes: bytes.count)
    return true
  }

  private func writeDevice(_ place: AddressTranslation.Place, from bytes: ByteBuffer) -> Bool {
    guard isAccess(place.physical, bytes.count) else { return false }
    let value = bytes.load(at: 0, bytes: bytes.count)
    return window.withPage(of: place.physical, isDevice: true) {
      Probe.store(value, at: $0, width: bytes.count)
    }
  }

  /// Whether one load or store can do it.
  private func isAccess(_ address: UInt64, _ count: Int) -> Bool {
    (count == 1 || count == 2 || count == 4 || count == 8) && address & UInt64(count &- 1) == 0
  }
}

// What gdb is told of it before it asks.
extension KernelTarget {
  /// User level's half of the addresses; the direct map to the end of RAM; each device behind that.
  func memoryMapRegion(at index: Int) -> MemoryMapRegion? {
    if index == 0 { return MemoryMapRegion(start: 0, length: 1 << 48) }
    let end = memoryEnd
    if index == 1 { return MemoryMapRegion(start: DirectMap.virtualAddress(0), length: end) }
    var left = index &- 2
    for number in 0..<kernel.state.regions.count {
      let region = kernel.state.regions[number]
      guard region.kind == UInt64(MemoryRegionKind.device.rawValue), region.base >= end else { continue }
      if left == 0 {
        return MemoryMapRegion(start: DirectMap.virtualAddress(region.base), length: region.size)
      }
      left &-= 1
    }
    return nil
  }

  /// Physical address behind the last byte of RAM.
  private var memoryEnd: UInt64 {
    var end = KernelImage.end
    for number in 0..<kernel.state.regions.count {
      let region = kernel.state.regions[number]
      if region.kind == UInt64(MemoryRegionKind.ram.rawValue) { end = max(end, region.base &+ region.size) }
    }
    return end
  }
}
