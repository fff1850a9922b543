/// What a QEMU command line says about its machine and about the ways in to it.
struct QEMUCommandLine {
  private let options: [QEMUOption]
  /// Relative paths are relative to it.
  private let workingFolder: String
  /// The pseudo-terminals the process holds the other end of, in the order it opened them.
  private let terminals: [String]

  /// Reads the arguments after the program's name.
  init(arguments: some Sequence<String>, workingFolder: String, terminals: [String] = []) {
    options = QEMUOption.parse(arguments)
    self.workingFolder = workingFolder
    self.terminals = terminals
  }

  var name: String? { keyValues("name").flatMap { $0["guest"] ?? $0.first } }
  var machine: String? { (keyValues("machine") ?? keyValues("M")).flatMap { $0["type"] ?? $0.first } }
  var processor: String? { keyValues("cpu")?.first }
  /// As it was written: `512M`, or a number of mebibytes.
  var memory: String? { keyValues("m").flatMap { $0["size"] ?? $0.first } }
  var kernel: String? { value("kernel").map(absolute) }

  /// With a backend for each NUMA node, or with memory that is plugged in, there is more than one mapping.
  var hasSeveralMemories: Bool {
    options.contains { $0.name == "numa" && QEMUKeyValues($0.value)["memdev"] != nil }
  }

  /// The kernel's serial line is the first one; the others are not looked at.
  var serial: ChannelAddress? {
    value("serial").flatMap { address(ofDevice: $0, servesByDefault: false) }
  }

  var gdb: [ChannelAddress] {
    options.compactMap { option in
      switch option.name {
      case "s": .tcp(host: "localhost", port: 1234)
      case "gdb": address(ofDevice: option.value, servesByDefault: true)
      default: nil
      }
    }
  }

  /// Where QEMU's monitors listen (`-qmp`, `-monitor`, `-mon`).
  var monitors: [ChannelAddress] {
    options.compactMap { option in
      switch option.name {
      case "qmp", "qmp-pretty", "monitor": address(ofDevice: option.value, servesByDefault: false)
      case "mon":
        (QEMUKeyValues(option.value)["chardev"] ?? QEMUKeyValues(option.value).first)
          .flatMap(address(ofCharacterDevice:))
      default: nil
      }
    }
  }

  private func value(_ name: String) -> String? {
    options.first { $0.name == name }?.value
  }

  private func keyValues(_ name: String) -> QEMUKeyValues? {
    // The last one counts, as with QEMU.
    options.last { $0.name == name }.map { QEMUKeyValues($0.value) }
  }

  private func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : "\(workingFolder)/\(path)"
  }
}

/// Character devices. One that QEMU does not listen at is no way in.
extension QEMUCommandLine {
  /// Reads `unix:PATH,…`, `tcp:HOST:PORT,…`, `pty`, `chardev:ID`, and each of these after `mon:`.
  ///
  /// `-gdb tcp:` listens without being told so.
  private func address(ofDevice text: String, servesByDefault: Bool) -> ChannelAddress? {
    let list = QEMUKeyValues(text)
    guard let first = list.first else { return nil }
    if first == "pty" { return pseudoTerminal }
    guard let (kind, place) = first.splitOnce(at: ":") else { return nil }
    let serves = list["server"].map { $0 == "on" }
    switch kind {
    case "mon":
      return address(ofDevice: String(text.dropFirst("mon:".count)), servesByDefault: servesByDefault)
    case "chardev": return address(ofCharacterDevice: place)
    case "unix" where serves ?? false: return .unixSocket(absolute(place))
    case "tcp" where serves ?? servesByDefault: return tcp(place)
    default: return nil
    }
  }

  private func address(ofCharacterDevice id: String) -> ChannelAddress? {
    let devices = options.lazy.filter { $0.name == "chardev" }.map { QEMUKeyValues($0.value) }
    guard let device = devices.first(where: { $0["id"] == id }) else { return nil }
    if device.first == "pty" { return pseudoTerminal }
    guard device.first == "socket", device["server"] == "on" else { return nil }
    if let path = device["path"] { return .unixSocket(absolute(path)) }
    return device["port"].flatMap { tcp("\(device["host"] ?? ""):\($0)") }
  }

  /// Which of several pseudo-terminals is which cannot be told from outside.
  private var pseudoTerminal: ChannelAddress? {
    terminals.count == 1 ? terminals.first.map { .device($0) } : nil
  }

  private func tcp(_ place: String) -> ChannelAddress? {
    guard let colon = place.lastIndex(of: ":"), let port = UInt16(place[place.index(after: colon)...]) else {
      return nil
    }
    var host = String(place[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    // Listening everywhere means here too.
    return .tcp(host: ["", "0.0.0.0", "::"].contains(host) ? "localhost" : host, port: port)
  }
}
