internal import HostedKernel
internal import KernelCore
internal import KernelObjects

/// Where kernel and model are not the same.
package struct Difference: Error, CustomStringConvertible {
  package let description: String
  init(_ description: String) { self.description = description }
}

/// Compares all that a kernel's memory says with the model.
struct Comparison {
  let hosted: HostedKernel
  /// For each place in memory that can be a slot, what this comparison found out about it.
  private var notes: [SlotNote]
  private var round: UInt32 = 0

  struct SlotNote {
    var round: UInt32 = 0
    /// Who should be there by the model.
    var name = CapabilityName.origin
    var parentRound: UInt32 = 0
    /// Slot that has this one among its children.
    var parent: UInt64 = 0
  }

  init(_ hosted: HostedKernel) {
    self.hosted = hosted
    notes = Array(repeating: SlotNote(), count: Int(hosted.memory.size >> Slot.sizeBits))
  }

  /// A thorough comparison includes what hardly ever changes: the empty slots of the root CNode, all interrupt lines,
  /// and the kernel's own invariants.
  mutating func compare(_ model: Model, isThorough: Bool) throws(Difference) {
    try compareSlots(model)
    try compareEmptySlots(model, isThorough: isThorough)
    for (name, domain) in model.domains { try compare(domain, name, model) }
    try compareQueues(model)
    try compareTables(model)
    try compareFrames(model, isThorough: isThorough)
    try compareTime(model)
    try compareLines(model, isThorough: isThorough)
    guard isThorough else { return }
    let violated = hosted.violatedInvariants()
    try expect(violated.isEmpty, "invariants: \(violated.prefix(5))")
  }

  func expect(_ condition: Bool, _ text: @autoclosure () -> String) throws(Difference) {
    if !condition { throw Difference(text()) }
  }

  func address(of place: Place, _ model: Model) -> UInt64 {
    if place.holder.number < 0 {
      let lines = Reference<IRQEntry>(hosted.state.address + KernelState.irqsOffset)
      return lines[UInt64(-1 - place.holder.number)].address
    }
    let start = model.addresses[place.holder] ?? 0
    let first = model.cnodes[place.holder] == nil ? start + Domain.ownSlotOffset : start
    return first + UInt64(place.index) << Slot.sizeBits
  }
}

// MARK: slots and the tree

extension Comparison {
  private func index(_ address: UInt64) -> Int { Int((address - hosted.memory.base) >> Slot.sizeBits) }

  private mutating func compareSlots(_ model: Model) throws(Difference) {
    round += 1
    var derived = try noteChildren(of: hosted.state.address, limit: model.slots.count)
    var roots = 0
    for (place, capability) in model.slots {
      let address = address(of: place, model)
      notes[index(address)].round = round
      notes[index(address)].name = capability.name
      if capability.parent == nil { roots += 1 }
      derived += try noteChildren(of: address, limit: model.slots.count)
      try compare(Reference(address), capability, place, model)
    }
    try expect(derived + roots == model.slots.count, "the tree has \(derived) derived capabilities")
    for (place, capability) in model.slots {
      try compareParent(of: capability, in: place, address(of: place, model))
    }
  }

  /// Goes through the children that the slot at `parent` has by the kernel.
  private mutating func noteChildren(of parent: UInt64, limit: Int) throws(Difference) -> Int {
    let first = Reference<Slot>(parent).object.child
    if first == 0 { return 0 }
    var count = 0
    var previous = Reference<Slot>(UInt64(first) << Slot.sizeBits).object.previous
    var number = first
    while number & Slot.parentTag == 0 {
      let address = UInt64(number) << Slot.sizeBits
      count += 1
      try expect(
        count <= limit && address >= hosted.memory.base && index(address) < notes.count,
        "the children of slot 0x\(hex(parent)) do not end")
      let child = Reference<Slot>(address).object
      try expect(child.previous == previous, "siblings disagree at slot 0x\(hex(address))")
      notes[index(address)].parentRound = round
      notes[index(address)].parent = parent
      previous = number
      number = child.next
    }
    try expect(
      UInt64(number & ~Slot.parentTag) << Slot.sizeBits == parent,
      "the children of slot 0x\(hex(parent)) end at another parent")
    return count
  }

  private func compareParent(of capability: CapabilityValue, in place: Place, _ address: UInt64)
    throws(Difference)
  {
    let note = notes[index(address)]
    guard let parent = capability.parent else {
      return try expect(
        note.parentRound != round && Reference<Slot>(address).object.next == 0,
        "\(text(capability, place)) is derived from something")
    }
    try expect(note.parentRound == round, "\(text(capability, place)) is not in the tree")
    let found = parent == .origin ? hosted.state.address == note.parent : isNoted(parent, at: note.parent)
    try expect(found, "\(text(capability, place)) is derived from slot 0x\(hex(note.parent)) instead")
  }

  private func isNoted(_ name: CapabilityName, at address: UInt64) -> Bool {
    notes[index(address)].round == round && notes[index(address)].name == name
  }

  private func compareEmptySlots(_ model: Model, isThorough: Bool) throws(Difference) {
    for (name, radix) in model.cnodes where isThorough || radix < BootInfo.rootRadix {
      try compareEmptySlots(from: model.addresses[name] ?? 0, count: 1 << radix)
    }
    for name in model.domains.keys {
      let first = (model.addresses[name] ?? 0) + Domain.ownSlotOffset
      try compareEmptySlots(from: first, count: Domain.ownSlotCount)
    }
  }

  private func compareEmptySlots(from first: UInt64, count: UInt64) throws(Difference) {
    for number in 0..<count {
      let slot = Reference<Slot>(first)[number]
      if notes[index(slot.address)].round == round { continue }
      let words: Reference<UInt64> = slot.part(at: 0)
      try expect(
        words[0].object | words[1].object | words[2].object | words[3].object == 0,
        "slot 0x\(hex(slot.address)) (\(number)) is not empty: \(slot.capability.type)")
    }
  }

  func text(_ capability: CapabilityValue, _ place: Place) -> String {
    "\(capability.type) in slot \(place.index) of \(place.holder.number)"
  }

  func hex(_ word: UInt64) -> String { String(word, radix: 16) }
}
