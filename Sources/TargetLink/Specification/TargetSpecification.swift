/// A way in to a system, as it is spelled on the command line.
package enum TargetSpecification: Hashable, Sendable {
  /// The kernel's own stub, on its serial line.
  case serial(ChannelAddress)
  /// The stub of the QEMU that runs the system.
  case gdb(ChannelAddress)
  /// The stub of a QEMU of this machine, which its monitor opens; by its process number or `-name`.
  case monitor(String)
  /// The guest's memory in a QEMU of this machine, by its process number or `-name`.
  case qemu(String)
  /// An ELF core of the guest's memory.
  case core(String)
}

/// Where a byte channel leads.
package enum ChannelAddress: Hashable, Sendable {
  case unixSocket(String)
  case tcp(host: String, port: UInt16)
  case device(String)

  func open() throws(TargetError) -> ByteChannel {
    switch self {
    case .unixSocket(let path): try .connect(unixSocket: path)
    case .tcp(let host, let port): try .connect(host: host, port: port)
    case .device(let path): try .open(serialLine: path)
    }
  }
}

/// A TARGET that cannot be understood.
package struct TargetSpecificationError: Error, Equatable, CustomStringConvertible {
  package let text: String
  package let problem: String

  package var description: String {
    "`\(text)` names no target: \(problem). A target is one of \(TargetSpecification.spellings)"
  }
}

extension TargetSpecification {
  /// All ways a target can be written, for messages.
  package static let spellings =
    "serial:unix:PATH, serial:tcp:HOST:PORT, serial:/dev/…, gdb:HOST:PORT, gdb:unix:PATH, monitor:PID, qemu:PID, qemu:NAME, core:FILE"

  package init(parsing text: String) throws(TargetSpecificationError) {
    func fail(_ problem: String) -> TargetSpecificationError {
      TargetSpecificationError(text: text, problem: problem)
    }
    guard let (way, place) = text.splitOnce(at: ":") else {
      throw fail("it does not say how to reach the system")
    }
    guard !place.isEmpty else { throw fail("nothing follows `\(way):`") }
    switch way {
    case "serial": self = .serial(try ChannelAddress(serialPlace: place, fail: fail))
    case "gdb": self = .gdb(try ChannelAddress(gdbPlace: place, fail: fail))
    case "monitor": self = .monitor(place)
    case "qemu": self = .qemu(place)
    case "core": self = .core(place)
    default: throw fail("`\(way)` is not a way in")
    }
  }
}

extension TargetSpecification {
  /// Whether it is another way than QEMU's own stub.
  var isNoStubOfEmulator: Bool {
    if case .gdb = self { false } else { true }
  }
}

extension TargetSpecification: CustomStringConvertible {
  package var description: String {
    switch self {
    case .serial(.unixSocket(let path)): "serial:unix:\(path)"
    case .serial(.tcp(let host, let port)): "serial:tcp:\(bracketed(host)):\(port)"
    case .serial(.device(let path)): "serial:\(path)"
    case .gdb(.unixSocket(let path)): "gdb:unix:\(path)"
    case .gdb(.tcp(let host, let port)): "gdb:\(bracketed(host)):\(port)"
    case .gdb(.device(let path)): "gdb:\(path)"
    case .monitor(let name): "monitor:\(name)"
    case .qemu(let name): "qemu:\(name)"
    case .core(let path): "core:\(path)"
    }
  }

  private func bracketed(_ host: String) -> String {
    host.contains(":") ? "[\(host)]" : host
  }
}

extension ChannelAddress {
  typealias Fail = (String) -> TargetSpecificationError

  fileprivate init(serialPlace place: String, fail: Fail) throws(TargetSpecificationError) {
    if place.hasPrefix("/") {
      self = .device(place)
    } else if place.hasPrefix("unix:") {
      self = try .unixSocket(Self.path(place.dropFirst("unix:".count), fail))
    } else if place.hasPrefix("tcp:") {
      self = try Self.tcp(place.dropFirst("tcp:".count), fail)
    } else {
      throw fail("`serial:` is followed by `unix:`, `tcp:` or a device's absolute path")
    }
  }

  fileprivate init(gdbPlace place: String, fail: Fail) throws(TargetSpecificationError) {
    if place.hasPrefix("unix:") {
      self = try .unixSocket(Self.path(place.dropFirst("unix:".count), fail))
    } else {
      self = try Self.tcp(place[...], fail)
    }
  }

  private static func path(_ text: Substring, _ fail: Fail) throws(TargetSpecificationError) -> String {
    guard !text.isEmpty else { throw fail("the socket's path is missing") }
    return String(text)
  }

  /// `HOST:PORT`, `[IPV6]:PORT` or `:PORT`, which means this machine.
  private static func tcp(_ text: Substring, _ fail: Fail) throws(TargetSpecificationError) -> ChannelAddress
  {
    guard let colon = text.lastIndex(of: ":") else { throw fail("the port is missing") }
    var host = text[..<colon]
    let digits = text[text.index(after: colon)...]
    guard let port = UInt16(digits), port != 0 else { throw fail("`\(digits)` is not a TCP port") }
    if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
    return .tcp(host: host.isEmpty ? "localhost" : String(host), port: port)
  }
}

extension StringProtocol {
  /// What is before and after the first `separator`; `nil` if there is none.
  func splitOnce(at separator: Character) -> (String, String)? {
    guard let position = firstIndex(of: separator) else { return nil }
    return (String(self[..<position]), String(self[index(after: position)...]))
  }
}
