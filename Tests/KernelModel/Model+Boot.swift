internal import HostedKernel
internal import KernelCore
internal import KernelObjects

extension Model {
  /// Takes over a system as boot left it: one CNode, one Domain, all else in its slots.
  init(booted hosted: HostedKernel) {
    let state = hosted.state.object
    let cnode = newObject(at: state.rootCNode)
    cnodes[cnode] = BootInfo.rootRadix
    let root = newObject(at: state.rootDomain)
    adoptRootDomain(root)
    tableMemory = state.generationBase..<state.generationBase + state.generationCount << 12
    var reader = BootReader(cnode: cnode, root: root, state: state)
    reader.adopt(childrenOf: Reference(hosted.state.address), parent: .origin, into: &self)
    for slot in reader.linked { reader.link(slot, in: &self) }
    now = hosted.machine.now
    sliceEnd = state.sliceEnd
    deadline = sliceEnd
    activeProtectionDomain = slots[.own(.protectionDomain, of: root)]?.object
  }

  private mutating func adoptRootDomain(_ root: ObjectName) {
    guard let address = addresses[root] else { return }
    let domain = Reference<Domain>(address)
    var value = DomainValue()
    for index in value.registers.indices {
      value.registers[index] = (domain.part(at: 0) as Reference<UInt64>)[UInt64(index)].object
    }
    value.activity = .ready
    let name: Reference<UInt64> = domain.part(at: Domain.nameOffset)
    value.name = (name[0].object, name[1].object)
    domains[root] = value
    install(.reply, root, in: .own(.replyMaster, of: root), derivedFrom: nil)
    slots[.own(.replyMaster, of: root)]?.isMaster = true
    vector = vector.map { _ in root }
    current = root
    vectorTicks[0] = 1
  }
}

/// Reads the initial capabilities along the derivation tree.
private struct BootReader {
  let cnode: ObjectName
  let root: ObjectName
  let state: KernelState
  /// Objects by their addresses.
  private var objects: [UInt64: ObjectName]
  /// Slots with capabilities that are entered in tables; upper tables come before lower ones.
  private(set) var linked: [Reference<Slot>] = []

  init(cnode: ObjectName, root: ObjectName, state: KernelState) {
    self.cnode = cnode
    self.root = root
    self.state = state
    objects = [state.rootCNode: cnode, state.rootDomain: root]
  }

  mutating func adopt(
    childrenOf parent: Reference<Slot>, parent name: CapabilityName, into model: inout Model
  ) {
    var number = parent.object.child
    while number != 0 && number & Slot.parentTag == 0 {
      let slot = Reference<Slot>(UInt64(number) << Slot.sizeBits)
      adopt(slot, parent: name, into: &model)
      number = slot.object.next
    }
    linked = linked.sorted { level($0) < level($1) }
  }

  private func level(_ slot: Reference<Slot>) -> UInt64 {
    slot.capability.isA(.frame) ? 4 : slot.capability.link.level
  }

  private mutating func adopt(_ slot: Reference<Slot>, parent: CapabilityName, into model: inout Model) {
    let capability = slot.capability
    let place = place(of: slot)
    model.install(capability.type, object(of: capability, &model), in: place, derivedFrom: parent)
    if capability.isA(.cnode) {
      model.slots[place]?.guardSize = capability.guardSize
      model.slots[place]?.guardValue = capability.guardValue
    }
    switch capability.type {
    case .frame, .segment, .pageTable: if capability.link.isLinked { linked.append(slot) }
    default: break
    }
    if let name = model.slots[place]?.name { adopt(childrenOf: slot, parent: name, into: &model) }
  }

  private func place(of slot: Reference<Slot>) -> Place {
    let size = UInt64(1) << (BootInfo.rootRadix + Slot.sizeBits)
    if (state.rootCNode..<state.rootCNode + size).contains(slot.address) {
      return Place(holder: cnode, index: Int((slot.address - state.rootCNode) >> Slot.sizeBits))
    }
    let own = (slot.address - state.rootDomain - Domain.ownSlotOffset) >> Slot.sizeBits
    return Place(holder: root, index: Int(own))
  }

  private mutating func object(of capability: Capability, _ model: inout Model) -> ObjectName {
    switch capability.type {
    case .irqControl: return .irqControl
    case .debug: return .debug
    case .timeSlice:
      let object = model.newObject()
      let start = Int(capability.sliceStart)
      model.timeSlices[object] = start..<start + Int(capability.sliceCount)
      return object
    case .untyped:
      let object = model.newObject(at: capability.address)
      model.untypeds[object] = UntypedValue(sizeBits: capability.size, isDevice: capability.isDevice)
      return object
    default: break
    }
    if let known = objects[capability.address] { return known }
    let object = model.newObject(at: capability.address)
    objects[capability.address] = object
    switch capability.type {
    case .protectionDomain: model.protectionDomains[object] = capability.asid
    case .pageTable: model.pageTables.insert(object)
    case .segment: model.segments.insert(object)
    // What boot wrote there is not looked at.
    default: model.frames[object] = FrameValue(isDevice: capability.isDevice, isUnknown: true)
    }
    return object
  }

  func link(_ slot: Reference<Slot>, in model: inout Model) {
    let place = place(of: slot)
    let link = slot.capability.link
    guard let table = objects[link.table] else { return }
    if slot.capability.isA(.frame) {
      let word = Reference<UInt64>(link.table)[link.index].object
      var rights: Rights = .read
      if TranslationDescriptor.readOnlyField.read(word) == 0 { rights.insert(.write) }
      if TranslationDescriptor.userExecuteNeverField.read(word) == 0 { rights.insert(.execute) }
      model.slots[place]?.mapping = Mapping(segment: table, index: link.index, rights: rights)
      return
    }
    let above = model.slots.values.first { $0.object == table }?.entry
    let owner = above?.protectionDomain ?? table
    let prefix = (above?.prefix ?? 0) << 9 | link.index
    model.slots[place]?.entry = TableEntry(
      owner, depth: link.level, address: prefix << (48 - 9 * link.level))
  }
}
