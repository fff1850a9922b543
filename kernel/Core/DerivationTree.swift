public import KernelObjects

// The derivation tree lives in the slots (see `Slot`). All capabilities to one object form a contiguous run: copies
// hang below their source, and a source that goes leaves its children in its own place. So whether a capability is
// the last one to its object can be told from its neighbours.
extension Kernel {
  /// Enters `slot` as the last child of `parent`. The slot is not in the tree and has no children.
  func insert(_ slot: Reference<Slot>, below parent: Reference<Slot>) {
    let number = slot.number
    slot.object.child = 0
    slot.object.next = parent.number | Slot.parentTag
    let firstNumber = parent.object.child
    if firstNumber == 0 {
      slot.object.previous = number
      parent.object.child = number
      return
    }
    let first = Reference<Slot>(number: firstNumber)
    let last = Reference<Slot>(number: first.object.previous)
    slot.object.previous = last.number
    last.object.next = number
    first.object.previous = number
  }

  /// Takes `slot` out of the tree; its children take its place, in their order.
  func remove(_ slot: Reference<Slot>) {
    let children = Reference<Slot>(number: slot.object.child)
    if slot.object.next == 0 {
      // A root of its own (a reply master): only ever removed childless.
    } else if children.isNone {
      close(gapOf: slot)
    } else {
      replace(slot, by: children, through: Reference(number: children.object.previous))
    }
    slot.object.child = 0
    slot.object.next = 0
    slot.object.previous = 0
  }

  /// Puts `destination`, which is not in the tree, where `source` was, with its children.
  func relink(_ source: Reference<Slot>, to destination: Reference<Slot>) {
    destination.object.child = source.object.child
    if source.object.child != 0 {
      let first = Reference<Slot>(number: source.object.child)
      Reference<Slot>(number: first.object.previous).object.next = destination.number | Slot.parentTag
    }
    destination.object.next = source.object.next
    destination.object.previous = source.object.previous
    if source.object.next != 0 { replace(source, by: destination, through: destination) }
    source.object.child = 0
    source.object.next = 0
    source.object.previous = 0
  }

  /// Whether no other slot holds a capability to the same object.
  @inline(__always)
  public func isFinal(_ slot: Reference<Slot>) -> Bool {
    let capability = slot.capability
    if slot.object.child != 0 {
      if Reference<Slot>(number: slot.object.child).capability.isSameObject(as: capability) { return false }
    }
    if slot.object.next == 0 { return true }
    // The parent, if `slot` is the last child.
    if Reference<Slot>(number: slot.object.next).capability.isSameObject(as: capability) { return false }
    let previous = Reference<Slot>(number: slot.object.previous)
    if previous.object.next & Slot.parentTag == 0 {
      return !previous.capability.isSameObject(as: capability)
    }
    return !Reference<Slot>(number: previous.object.next).capability.isSameObject(as: capability)
  }

  func hasChildren(_ slot: Reference<Slot>) -> Bool { slot.object.child != 0 }

  /// Joins the neighbours of a childless slot.
  @inline(__always)
  private func close(gapOf slot: Reference<Slot>) {
    let next = slot.object.next
    let isLast = next & Slot.parentTag != 0
    let previous = Reference<Slot>(number: slot.object.previous)
    let isFirst = previous.object.next & Slot.parentTag != 0
    if isFirst && isLast {
      Reference<Slot>(number: next).object.child = 0
      return
    }
    if isFirst {
      Reference<Slot>(number: previous.object.next).object.child = next
      Reference<Slot>(number: next).object.previous = previous.number
    } else if isLast {
      let parent = Reference<Slot>(number: next)
      previous.object.next = next
      Reference<Slot>(number: parent.object.child).object.previous = previous.number
    } else {
      previous.object.next = next
      Reference<Slot>(number: next).object.previous = previous.number
    }
  }

  /// Makes the neighbours of `slot` point at the run `first` ... `last` instead, and the run at them.
  private func replace(_ slot: Reference<Slot>, by first: Reference<Slot>, through last: Reference<Slot>) {
    let next = slot.object.next
    let isLast = next & Slot.parentTag != 0
    let previous = Reference<Slot>(number: slot.object.previous)
    let isFirst = previous.object.next & Slot.parentTag != 0
    let parentOfFirst = previous.object.next
    last.object.next = next
    if isFirst && isLast {
      first.object.previous = last.number
      Reference<Slot>(number: next).object.child = first.number
      return
    }
    first.object.previous = previous.number
    if isFirst {
      Reference<Slot>(number: parentOfFirst).object.child = first.number
    } else {
      previous.object.next = first.number
    }
    if isLast {
      let parent = Reference<Slot>(number: next)
      Reference<Slot>(number: parent.object.child).object.previous = last.number
    } else {
      Reference<Slot>(number: next).object.previous = last.number
    }
  }
}
