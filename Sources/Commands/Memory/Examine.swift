internal import Inspection
internal import TargetLink

extension Command {
  static let examine = Command(
    "x", aliases: ["examine"],
    summary: "Show memory",
    usage: "[/COUNT FORMAT SIZE] [-p] [--device] [DOMAIN] ADDRESS",
    discussion: """
      As in gdb: COUNT units of SIZE b, h, w or g (1, 2, 4, 8 bytes) in FORMAT x, d or u. ADDRESS is a number, a \
      symbol or a register such as $pc, with + or - a number. Addresses in the kernel's half go through its \
      direct map, others through the tables of DOMAIN (the current one, if none is named); with -p the address \
      is physical. A device's registers, which reading may change, are shown with --device only.
      """,
    example: "x/4gx 0xffff000040200000", options: ["-p", "--device"], arguments: [.domain, .symbol],
    wordCount: 1...3
  ) { session, arguments throws(CommandError) in
    var words = arguments.words
    var format = MemoryFormat()
    if let first = words.first, first.hasPrefix("/") {
      format = try MemoryFormat(String(first.dropFirst()))
      words.removeFirst()
    }
    guard let last = words.last, words.count <= 2 else {
      throw CommandError(.usage, "usage: x [/COUNT FORMAT SIZE] [-p] [DOMAIN] ADDRESS; see `help x`")
    }
    let address = try session.address(last)
    let isPhysical = arguments.options.contains("-p")
    let bytes = try session.memory(
      at: address, count: format.byteCount, isPhysical: isPhysical, domain: words.dropLast().first,
      includesDevices: arguments.options.contains("--device"))
    return answer(bytes, at: address, format, session)
  }

  private static func answer(
    _ bytes: [UInt8], at address: UInt64, _ format: MemoryFormat, _ session: CommandSession
  )
    -> Answer
  {
    let view = ByteView(bytes)
    var lines: [String] = []
    var rows: [JSONValue] = []
    for first in stride(from: 0, to: format.count, by: format.perLine) {
      let units = (first..<min(first + format.perLine, format.count)).map {
        view.integer(at: $0 * format.size, size: format.size)
      }
      let start = address &+ UInt64(first * format.size)
      let symbol = session.symbols?.describe(start).map { " <\($0)>" } ?? ""
      lines.append(hexadecimal(start) + symbol + ":  " + units.map(format.text).joined(separator: "  "))
      rows.append(
        .object([.init("address", .address(start)), .init("values", .array(units.map(JSONValue.address)))]))
    }
    var answer = Answer()
    answer.add("memory", lines, .array(rows))
    return answer
  }
}

extension CommandSession {
  private static let pageSize: UInt64 = 4096

  /// Memory at a virtual address, in pieces that lie in one page each.
  func memory(
    at address: UInt64, count: Int, isPhysical: Bool, domain: String?, includesDevices: Bool
  ) throws(CommandError) -> [UInt8] {
    var ranges: [MemoryRange] = []
    var next = address
    var left = UInt64(count)
    while left > 0 {
      let size = min(left, Self.pageSize - next % Self.pageSize)
      let physical = isPhysical ? next : try physicalAddress(of: next, domain: domain)
      ranges.append(MemoryRange(address: physical, count: Int(size)))
      next &+= size
      left -= size
    }
    if !includesDevices { try refuseDevices(ranges) }
    let answers = try read { () throws(TargetError) in
      includesDevices ? try self.target.readDevice(ranges) : try self.target.readPhysical(ranges)
    }
    var bytes: [UInt8] = []
    for (range, answer) in zip(ranges, answers) {
      guard let answer, answer.count == range.count else {
        throw CommandError(.unreadable(address: range.address, count: range.count))
      }
      bytes += answer
    }
    return bytes
  }

  /// A read may take a byte out of a device's queue, or clear an interrupt.
  private func refuseDevices(_ ranges: [MemoryRange]) throws(CommandError) {
    guard target.capabilities.contains(.runControl),
      let memory = try read({ () throws(TargetError) in try self.layouts.memorySpan(of: self.target) }),
      let range = ranges.first(where: { !memory.contains($0.address) })
    else { return }
    throw CommandError(
      .refused,
      "\(hexadecimal(range.address)) is no memory: reading it may change the device there; "
        + "--device reads it all the same")
  }

  private func physicalAddress(of address: UInt64, domain: String?) throws(CommandError) -> UInt64 {
    if isKernelAddress(address) { return try directMapped(address) }
    let snapshot = try snapshot(includingTables: true)
    let domain = try domainOrCurrent(domain, in: snapshot)
    let name = snapshot.names.name(ofDomain: domain)
    guard let root = snapshot.translationRoot(of: domain) else {
      throw CommandError(.refused, "\(name) has no ProtectionDomain")
    }
    guard
      case .mapped(let physical, _) = TranslationWalk(
        address, root: root, tables: snapshot.tables, regime: snapshot.layouts.regime
      ).outcome
    else {
      throw CommandError(
        .refused,
        "\(name) has nothing mapped at \(hexadecimal(address)); see `translate \(name) \(hexadecimal(address))`"
      )
    }
    return physical
  }
}
