import KernelObjects

// How capabilities get from slot to slot, whoever asks: CNode invocations, messages, the kernel itself.
extension Kernel {
  /// What a copy of `capability` would be, with no more than `rights`.
  ///
  /// An Untyped and a TimeSlice are divided, never shared: two holders of one would each hand out the same memory
  /// or the same time. A PageTable belongs to one ProtectionDomain. A Reply is used once. They can only be moved.
  func derive(_ capability: Capability, argument: UInt64, rights: Rights = .all) throws(Refusal) -> Capability
  {
    var derived = capability
    switch capability.type {
    case .null, .zombie, .untyped, .timeSlice, .pageTable, .reply:
      throw Refusal(.wrongType, argument: argument, detail: UInt64(capability.rawType))
    case .frame, .segment:
      // The copy is not mapped anywhere.
      derived.word1 = capability.isDevice ? Capability.deviceField.pack(1) : 0
    default:
      break
    }
    derived.rights = capability.rights.intersection(rights)
    return derived
  }

  /// Puts a capability into an empty slot, as a child of `parent`.
  @inline(__always)
  func install(_ capability: Capability, in slot: Reference<Slot>, derivedFrom parent: Reference<Slot>) {
    slot.capability = capability
    slot.object.generation = 0
    insert(slot, below: parent)
  }

  /// Moves a capability and its place in the tree into an empty slot.
  @inline(__always)
  func move(_ source: Reference<Slot>, to destination: Reference<Slot>) {
    destination.capability = source.capability
    destination.object.generation = source.object.generation
    relink(source, to: destination)
    source.capability = .null
    source.object.generation = 0
  }

  /// Exchanges two capabilities, each with its place in the tree.
  ///
  /// The spare slot outside all CNodes is what a third cup is to exchanging two.
  func swap(_ first: Reference<Slot>, _ second: Reference<Slot>) {
    let spare = self.spare
    move(first, to: spare)
    move(second, to: first)
    move(spare, to: second)
  }

  private var spare: Reference<Slot> {
    stateReference.part(at: KernelState.spareOffset)
  }

  /// Passes the capability that `sender` attached to its message, if it may and the receiver named an empty slot.
  ///
  /// - Returns: whether the receiver got it. A message whose capability cannot be passed arrives without.
  func transferCapability(from sender: Reference<Domain>, to receiver: Reference<Domain>) -> Bool {
    let pointer = receiver[x: 10]
    if pointer == 0 { return false }
    do throws(Refusal) {
      let destination = try lookUpSlot(pointer, in: receiver)
      guard destination.capability.isNull else { return false }
      let source = try lookUpSlot(sender[x: 9], in: sender)
      let derived = try derive(source.capability, argument: 0)
      install(derived, in: destination, derivedFrom: source)
      return true
    } catch {
      return false
    }
  }
}
