internal import Inspection

/// How `x` shows memory: gdb's `/COUNT FORMAT SIZE`.
struct MemoryFormat {
  enum Style: Character {
    case hexadecimal = "x"
    case decimal = "d"
    case unsigned = "u"
  }

  private(set) var count = 1
  private(set) var style = Style.hexadecimal
  /// Bytes of one unit.
  private(set) var size = 8
  static let countLimit = 8192

  init() {}

  /// Reads `4gx`: a count, and letters in any order.
  init(_ text: String) throws(CommandError) {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    if !digits.isEmpty {
      guard let count = Int(digits), (1...Self.countLimit).contains(count) else {
        throw CommandError(.usage, "`/\(text.printable)`: the count is 1 to \(Self.countLimit)")
      }
      self.count = count
    }
    for letter in text.dropFirst(digits.count) {
      if let style = Style(rawValue: letter) {
        self.style = style
      } else if let size = ["b": 1, "h": 2, "w": 4, "g": 8][letter] {
        self.size = size
      } else {
        throw CommandError(
          .usage, "`/\(text.printable)`: sizes are b, h, w, g (1, 2, 4, 8 bytes), formats are x, d, u")
      }
    }
  }

  var byteCount: Int { count * size }

  /// Units on one line.
  var perLine: Int { max(1, 16 / size) }

  func text(_ value: UInt64) -> String {
    let bits = UInt64(size * 8)
    switch style {
    case .hexadecimal: return Commands.hexadecimal(value, digits: size * 2)
    case .unsigned: return String(value)
    case .decimal: return String(Int64(bitPattern: value << (64 - bits)) >> Int64(64 - bits))
    }
  }
}
