internal import Inspection
internal import TargetLink

/// Registers, three on a line, or two if some are wide; in JSON one object with a member for each.
struct RegisterList {
  private let registers: [Entry]

  private struct Entry {
    let name: String
    let text: String
    let json: JSONValue
  }

  /// `digits` is how many hexadecimal digits show all of a register.
  init(_ registers: [(name: String, digits: Int, value: UInt64)]) {
    self.registers = registers.map {
      Entry(name: $0.name, text: hexadecimal($0.value, digits: $0.digits), json: .address($0.value))
    }
  }

  /// Registers of up to 128 bits.
  init(_ registers: [RegisterValue]) {
    self.registers = registers.map { register in
      let digits = (register.bitWidth + 3) / 4
      let low = hexadecimal(register.value, digits: min(digits, 16))
      let text = digits <= 16 ? low : hexadecimal(register.high, digits: digits - 16) + low.dropFirst(2)
      let short =
        register.high == 0
        ? "0x" + String(register.value, radix: 16)
        : "0x" + String(register.high, radix: 16) + hexadecimal(register.value, digits: 16).dropFirst(2)
      return Entry(name: register.name.printable, text: text, json: .string(short))
    }
  }

  var json: JSONValue { .object(registers.map { .init($0.name, $0.json) }) }

  var lines: [String] {
    let names = registers.map(\.name.count).max() ?? 0
    let values = registers.map(\.text.count).max() ?? 0
    let perLine = values > 18 ? 2 : 3
    return stride(from: 0, to: registers.count, by: perLine).map { first in
      registers[first..<min(first + perLine, registers.count)].map { register in
        register.name.padded(to: names) + "  " + register.text.padded(to: values)
      }.joined(separator: "   ").trimmingTrailingSpaces
    }
  }
}

extension String {
  func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
