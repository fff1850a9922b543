internal import Glibc
package import SystemPackage

/// A file that shows all that goes over a line that speaks the remote protocol, one line of text for each packet: for
/// when something goes wrong.
///
/// Each line is written at once, so that whatever happens to the debugger, the last packet is there. The file grows to
/// ``largestFile`` and not beyond.
package final class PacketLog {
  /// Which way something went.
  enum Direction: String {
    case sent
    case received
  }

  /// In bytes.
  package static let largestFile = 256 << 20

  package let path: String
  private let descriptor: FileDescriptor
  private let limit: Int
  private let start = ContinuousClock.now
  private var size = 0
  private var isOver = false
  /// What ended the log before its time, if anything did.
  package private(set) var failure: Errno?

  /// Creates the file, or empties the one that is there. Nobody else may read it: it shows the target's memory.
  package convenience init(path: String) throws(Errno) {
    try self.init(path: path, limit: Self.largestFile)
  }

  init(path: String, limit: Int) throws(Errno) {
    do {
      descriptor = try FileDescriptor.open(
        FilePath(path), .writeOnly, options: [.create, .truncate, .closeOnExec],
        permissions: .ownerReadWrite)
    } catch {
      throw error as? Errno ?? .ioError
    }
    self.path = path
    self.limit = limit
    write("     seconds  direction     bytes  packet\n")
    if let failure { throw failure }
  }

  deinit {
    try? descriptor.close()
  }

  /// Writes one line.
  ///
  /// - Parameters:
  ///   - direction: which way it went.
  ///   - count: how many bytes it was on the line.
  ///   - name: what it is.
  ///   - bytes: what it says, decoded.
  func note(_ direction: Direction, count: Int, _ name: String, _ bytes: some Sequence<UInt8>) {
    guard !isOver else { return }
    let line = "\(seconds)  \(padded(direction.rawValue, to: 9))  \(aligned(String(count), to: 8))  "
    write("\(line)\(padded(name, to: 22))  \(Self.readable(bytes))\n")
  }

  /// Printable ASCII as it is, but `\` as `\\`; any other byte as `\x` and two digits.
  private static func readable(_ bytes: some Sequence<UInt8>) -> String {
    var text: [UInt8] = []
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "\\"): text += [byte, byte]
      case 0x20..<0x7f: text.append(byte)
      default: text += Array("\\x\(hexadecimalDigits([byte]))".utf8)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Since the log began, with microseconds.
  private var seconds: String {
    let (seconds, attoseconds) = (ContinuousClock.now - start).components
    let fraction = String(attoseconds / 1_000_000_000_000)
    return aligned("\(seconds).\(String(repeating: "0", count: 6 - fraction.count))\(fraction)", to: 12)
  }

  private func write(_ line: String) {
    size += line.utf8.count
    if size > limit {
      isOver = true
      return put("the log ends here: it has reached \(limit) bytes\n")
    }
    put(line)
  }

  private func put(_ line: String) {
    do {
      try descriptor.writeAll(line.utf8)
    } catch {
      failure = error as? Errno ?? .ioError
      isOver = true
    }
  }
}

private func padded(_ text: String, to width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}

private func aligned(_ text: String, to width: Int) -> String {
  String(repeating: " ", count: max(0, width - text.count)) + text
}
