internal import TargetLink

/// Console text of the target, until there is a good moment to show it.
final class ConsoleBuffer {
  private var bytes: [UInt8] = []
  private static let longest = 64 * 1024

  /// From here on, the target's console text is collected.
  init(of target: any Target) {
    target.onConsoleText = { [weak self] in self?.append($0) }
  }

  private func append(_ more: [UInt8]) {
    bytes = (bytes + more).suffix(Self.longest)
  }

  /// What has come, made harmless for a terminal.
  func take() -> String {
    defer { bytes.removeAll() }
    return ConsoleText.printable(bytes)
  }
}

enum ConsoleText {
  /// Lines and tabs as they are; of anything else that controls a terminal nothing is left.
  static func printable(_ bytes: [UInt8]) -> String {
    let text = String(decoding: bytes, as: UTF8.self)
    return String(
      String.UnicodeScalarView(
        text.unicodeScalars.filter { scalar in
          scalar == "\n" || scalar == "\t" || scalar.properties.generalCategory != .control
        }))
  }
}
