internal import TargetLink

/// Reads the objects of a kernel in waves: each wave asks at once for everything that the last one named.
final class SnapshotReader {
  let layouts: KernelLayouts
  let limits: SnapshotLimits
  let includesTables: Bool
  private let memory: SnapshotMemory
  let meter: WorkMeter

  var slots: SlotTable
  var cnodes: [UInt64: CNodeRecord] = [:]
  var domains: [UInt64: DomainRecord] = [:]
  var endpoints: [UInt64: EndpointRecord] = [:]
  var notifications: [UInt64: NotificationRecord] = [:]
  var tables: [UInt64: [UInt64]] = [:]
  /// Generations of translation tables that capabilities are entered in.
  private(set) var generations: [UInt64: UInt64] = [:]
  private(set) var findings: [Finding] = []

  /// What is still to be read; `seen` has everything that ever was.
  private var wanted: [Want] = []
  private var seen: Set<Want> = []
  /// Those that were asked for last, whatever became of it.
  private var recent: [Want?] = Array(repeating: nil, count: recentCount)
  private static let recentCount = 64
  /// Where in `slots` those begin whose neighbours in the derivation tree have not been looked for.
  private var firstUnlinked = 0
  private var slotsRead = 0
  private var objectsRead: [WantKind: Int] = [:]

  enum WantKind: Hashable { case cnode, domain, endpoint, notification, slot, table }

  /// A piece of memory to be read, and as what.
  struct Want: Hashable {
    var kind: WantKind
    var address: UInt64
    /// Radix of a CNode, level of a translation table.
    var parameter: UInt64 = 0

    /// Objects at one address are few.
    func hash(into hasher: inout Hasher) { hasher.combine(address) }
  }

  init(
    memory: SnapshotMemory, layouts: KernelLayouts, limits: SnapshotLimits, includesTables: Bool,
    meter: WorkMeter
  ) {
    self.memory = memory
    self.meter = meter
    self.layouts = layouts
    slots = SlotTable(slotSizeBits: layouts.constants.slotSizeBits)
    self.limits = limits
    self.includesTables = includesTables
  }

  /// Reads everything there is to be found from the kernel's state.
  func read() throws(TargetError) -> StateRecord {
    for defect in memory.defects { find(defect.object, defect.field, defect.text) }
    let state = decodeState(ByteView(try readState()), at: layouts.constants.state)
    repeat {
      while !wanted.isEmpty {
        let wave = wanted
        wanted = []
        meter.expect(wave.reduce(0) { $0 + size(of: $1) / Self.meteredBytes + 1 })
        makeRoom(for: wave)
        for part in parts(of: wave) { try readWave(part) }
      }
      wantStrays()
    } while !wanted.isEmpty
    walkQueues()
    try readGenerations(state)
    return state
  }

  /// At once for all CNodes: a table that grows is copied again and again.
  private func makeRoom(for wave: [Want]) {
    let count = wave.reduce(0) { $0 + ($1.kind == .cnode ? 1 << Int($1.parameter) : 0) }
    slots.reserve(min(count, Self.mostRoom))
  }

  /// In slots. What a kernel claims to have is no reason to take any amount of memory.
  private static let mostRoom = 1 << 17

  /// The bytes of the kernel's state. Which ASIDs are taken is more than a quarter of it,
  /// and only of use to who asks for tables.
  private func readState() throws(TargetError) -> [UInt8] {
    let asids = layouts.state.asids
    let left = includesTables ? 0..<0 : asids.offset..<asids.offset + asids.stride * asids.count
    var bytes = [UInt8](repeating: 0, count: layouts.state.size)
    let parts = [0..<left.lowerBound, left.upperBound..<bytes.count].filter { !$0.isEmpty }
    let answers = try memory.read(
      parts.map { MemoryRange(address: layouts.constants.state &+ UInt64($0.lowerBound), count: $0.count) })
    for (part, answer) in zip(parts, answers) {
      guard let answer, answer.count == part.count else {
        throw .unreadable(address: layouts.constants.state &+ UInt64(part.lowerBound), count: part.count)
      }
      bytes.replaceSubrange(part, with: answer)
    }
    return bytes
  }

  /// Reads the generation of each table that was read or that a capability is entered in: one 32-bit word a page.
  private func readGenerations(_ state: StateRecord) throws(TargetError) {
    let size = layouts.slot.generation.size
    let linked = Set(slots.records.lazy.compactMap { $0.capability.link?.table }).union(tables.keys).sorted()
    let pages = linked.prefix(limits.objects).compactMap { table -> (table: UInt64, index: UInt64)? in
      let index = (table &- state.generationBase) / UInt64(TranslationTable.size)
      return table >= state.generationBase && index < state.generationCount ? (table, index) : nil
    }
    let answers = try memory.read(
      pages.map { MemoryRange(address: state.generations &+ $0.index * UInt64(size), count: size) })
    for (page, answer) in zip(pages, answers) {
      generations[page.table] = answer.map { ByteView($0).integer(at: 0, size: size) }
    }
  }

  /// Wants the slots that the derivation tree leads to and no CNode that was found has.
  private func wantStrays() {
    var strays: Set<UInt64> = []
    var last = SlotTable.LastPage()
    for slot in slots.records[firstUnlinked...] {
      for neighbour in [slot.child, slot.next] where neighbour != 0 {
        if slots.position(of: neighbour, after: &last) == nil { strays.insert(neighbour) }
      }
    }
    firstUnlinked = slots.count
    for address in strays.sorted() { want(.slot, address) }
  }

  /// Bytes that are one step of work.
  private static let meteredBytes = 32
  /// Bytes that are asked for before anybody is asked whether to go on: enough to keep a pipeline full.
  private static let partBytes = 256 << 10

  private func parts(of wave: [Want]) -> [ArraySlice<Want>] {
    var parts: [ArraySlice<Want>] = []
    var start = 0
    var bytes = 0
    for (index, want) in wave.enumerated() {
      bytes += size(of: want)
      guard bytes >= Self.partBytes else { continue }
      parts.append(wave[start...index])
      start = index + 1
      bytes = 0
    }
    return start < wave.count ? parts + [wave[start...]] : parts
  }

  private func readWave(_ wave: ArraySlice<Want>) throws(TargetError) {
    let ranges = wave.map { MemoryRange(address: $0.address, count: size(of: $0)) }
    let answers = try memory.read(ranges)
    for (want, answer) in zip(wave, answers) {
      guard meter.advance(by: size(of: want) / Self.meteredBytes + 1) else { throw .interrupted }
      guard let bytes = answer, bytes.count == size(of: want) else {
        if want.kind == .cnode { cnodes[want.address]?.isReadable = false }
        find(describe(want), "address", "\(size(of: want)) bytes there cannot be read")
        continue
      }
      decode(want, ByteView(bytes))
    }
  }

  private func size(of want: Want) -> Int {
    switch want.kind {
    case .cnode: layouts.slot.size << Int(want.parameter)
    case .domain: layouts.domain.size
    case .endpoint: layouts.endpoint.size
    case .notification: layouts.notification.size
    case .slot: layouts.slot.size
    case .table: TranslationTable.size
    }
  }

  private func decode(_ want: Want, _ view: ByteView) {
    switch want.kind {
    case .cnode: decodeCNode(view, at: want.address)
    case .domain: decodeDomain(view, at: want.address)
    case .endpoint: decodeEndpoint(view, at: want.address)
    case .notification: decodeNotification(view, at: want.address)
    case .slot: decodeSlot(view, at: want.address, holder: .unknown)
    case .table: decodeTable(view, at: want.address, level: want.parameter)
    }
  }

  /// Notes that something is to be read, unless it was, or is beyond a limit.
  func want(_ kind: WantKind, _ address: UInt64, parameter: UInt64 = 0) {
    let want = Want(kind: kind, address: address, parameter: parameter)
    guard address != 0 else { return }
    // Most of a large system's capabilities are to objects that others were to just before.
    let line = Int(truncatingIfNeeded: address >> 5) & (Self.recentCount - 1)
    guard recent[line] != want else { return }
    recent[line] = want
    guard !seen.contains(want) else { return }
    guard objectsRead[kind, default: 0] < limit(of: kind) else {
      return find("kernel", "\(kind)", "there are more than \(limit(of: kind)); the rest is left out")
    }
    guard address.isMultiple(of: alignment(of: want)) else {
      return find(describe(want), "address", "is not aligned; not followed")
    }
    guard reserveSlots(want) else { return }
    seen.insert(want)
    objectsRead[kind, default: 0] += 1
    wanted.append(want)
  }

  private func limit(of kind: WantKind) -> Int {
    switch kind {
    case .table: limits.translationTables
    case .slot: limits.slots
    default: limits.objects
    }
  }

  private func alignment(of want: Want) -> UInt64 {
    switch want.kind {
    case .cnode, .slot, .endpoint, .notification: 1 << layouts.constants.slotSizeBits
    case .domain: 1 << layouts.constants.domainSizeBits
    case .table: UInt64(TranslationTable.size)
    }
  }

  /// Whether a CNode's slots are within the limit, and enters it.
  private func reserveSlots(_ want: Want) -> Bool {
    guard want.kind == .cnode else { return true }
    guard cnodes[want.address] == nil else {
      find(describe(want), "radix", "another capability says 2^\(cnodes[want.address]?.radix ?? 0) slots")
      return false
    }
    guard want.parameter < 32, 1 << Int(want.parameter) <= limits.slots - slotsRead else {
      find(describe(want), "radix", "2^\(want.parameter) slots are more than are read; left out")
      return false
    }
    // So two of them lie side by side or one within the other, and what they hold is bounded by memory.
    guard want.address.isMultiple(of: UInt64(layouts.slot.size) << want.parameter) else {
      find(describe(want), "radix", "2^\(want.parameter) slots do not begin at such an address; left out")
      return false
    }
    slotsRead += 1 << Int(want.parameter)
    cnodes[want.address] = CNodeRecord(address: want.address, radix: want.parameter)
    return true
  }

  private func describe(_ want: Want) -> String { "\(want.kind) \(hexadecimal(want.address))" }

  func find(_ object: String, _ field: String, _ text: String) {
    let finding = Finding(object: object, field: field, text: text)
    guard findings.count < limits.findings, !findings.contains(finding) else { return }
    findings.append(finding)
  }
}
