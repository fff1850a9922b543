/// Registers, three on a line; in JSON one object with a member for each.
struct RegisterList {
  private let registers: [(name: String, digits: Int, value: UInt64)]
  private static let perLine = 3

  /// `digits` is how many hexadecimal digits show all of a register.
  init(_ registers: [(name: String, digits: Int, value: UInt64)]) { self.registers = registers }

  var json: JSONValue { .object(registers.map { .init($0.name, .address($0.value)) }) }

  var lines: [String] {
    let names = registers.map(\.name.count).max() ?? 0
    let values = (registers.map(\.digits).max() ?? 0) + 2
    return stride(from: 0, to: registers.count, by: Self.perLine).map { first in
      registers[first..<min(first + Self.perLine, registers.count)].map { register in
        let text = hexadecimal(register.value, digits: register.digits)
        return register.name.padded(to: names) + "  " + text.padded(to: values)
      }.joined(separator: "   ").trimmingTrailingSpaces
    }
  }
}

extension String {
  func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
