/// Where things are in a Domain object.
struct DomainLayout: Sendable {
  let size: Int
  /// Offsets of its own slots, by name, in the order of the object.
  let ownSlots: [(name: String, offset: Int)]
  let state, faultKind, faultSyndrome, faultAddress: LayoutField
  let blockedOn, servedBy, queueNext, queuePrevious, sendBadge, messageFlags: LayoutField
  let boundSlices, boundNotification, ticks, name: LayoutField
  /// Nil of a kernel whose domains lend no time.
  let lentTo: LayoutField?
  /// Nil of a kernel that holds no single domains.
  let hold: LayoutField?
  /// Offsets of the saved registers, by name.
  let registers: [(name: String, offset: Int)]
  let isCall, canGrant, isFault: BitRange
  let stateNames, faultNames: [UInt64: String]

  /// The field of the object, and the name that the debugger gives the slot.
  private static let slotNames = [
    ("cnodeRoot", "cnode"), ("protectionDomain", "protectionDomain"), ("faultEndpoint", "faultEndpoint"),
    ("replyMaster", "replyMaster"), ("caller", "caller"), (controlBlock, controlBlock),
  ]
  /// Not in a kernel without activations.
  static let controlBlock = "controlBlock"

  init(_ descriptor: KernelDescriptor) throws(InspectionError) {
    size = try descriptor.size(of: "Domain")
    state = try descriptor.integer("Domain", "state")
    faultKind = try descriptor.integer("Domain", "faultKind")
    faultSyndrome = try descriptor.integer("Domain", "faultSyndrome")
    faultAddress = try descriptor.integer("Domain", "faultAddress")
    blockedOn = try descriptor.integer("Domain", "blockedOn")
    servedBy = try descriptor.integer("Domain", "servedBy")
    queueNext = try descriptor.integer("Domain", "queueNext")
    queuePrevious = try descriptor.integer("Domain", "queuePrevious")
    sendBadge = try descriptor.integer("Domain", "sendBadge")
    messageFlags = try descriptor.integer("Domain", "messageFlags")
    boundSlices = try descriptor.integer("Domain", "boundSlices")
    boundNotification = try descriptor.integer("Domain", "boundNotification")
    ticks = try descriptor.integer("Domain", "ticks")
    name = try descriptor.field("Domain", "name")
    hold = try? descriptor.integer("Domain", "hold")
    lentTo = try? descriptor.integer("Domain", "lentTo")
    isCall = try descriptor.bits("MessageFlags", "isCall")
    canGrant = try descriptor.bits("MessageFlags", "canGrant")
    isFault = try descriptor.bits("MessageFlags", "isFault")
    stateNames = try descriptor.names(of: "DomainState")
    faultNames = try descriptor.names(of: "FaultKind")
    ownSlots = try Self.ownSlots(descriptor)
    registers = try Self.registers(descriptor)
  }

  private static func ownSlots(_ descriptor: KernelDescriptor) throws(InspectionError)
    -> [(name: String, offset: Int)]
  {
    var slots: [(name: String, offset: Int)] = []
    for (field, name) in slotNames {
      if field == controlBlock, (try? descriptor.field("Domain", field)) == nil { continue }
      slots.append((name, try descriptor.table("Domain", field, of: "Slot").offset))
    }
    return slots
  }

  private static func registers(_ descriptor: KernelDescriptor) throws(InspectionError)
    -> [(name: String, offset: Int)]
  {
    let frame = try descriptor.field("Domain", "registers")
    let general = try descriptor.field("RegisterFrame", "x")
    var registers = (0..<min(general.size / 8, 31)).map { ("x\($0)", frame.offset + general.offset + $0 * 8) }
    for name in ["sp", "pc", "pstate", "tpidr"] {
      registers.append((name, frame.offset + (try descriptor.integer("RegisterFrame", name)).offset))
    }
    return registers.map { (name: $0.0, offset: $0.1) }
  }
}
