/// QEMU's spelling of a size: `512M`, `1.5G`, or a number of mebibytes.
enum QEMUSize {
  /// Bytes; `nil` if it is none. Source: do_strtosz() in QEMU 7.2's util/cutils.c.
  static func bytes(_ text: String) -> UInt64? {
    let units = "BKMGTPE"
    var digits = text[...]
    var unit = 2
    if let last = text.last, let position = units.firstIndex(of: Character(last.uppercased())) {
      unit = units.distance(from: units.startIndex, to: position)
      digits = digits.dropLast()
    }
    let shift = UInt64(unit * 10)
    if let whole = UInt64(digits) {
      let (bytes, overflow) = whole.multipliedReportingOverflow(by: 1 << shift)
      return overflow ? nil : bytes
    }
    guard digits.allSatisfy({ $0.isNumber || $0 == "." }), let fraction = Double(digits) else { return nil }
    let bytes = fraction * Double(1 << shift as UInt64)
    return bytes >= 0 && bytes < 0x1p63 ? UInt64(bytes) : nil
  }
}
