internal import SelfTestInstructions

/// Values of all floating-point and SIMD registers that are told apart from any other's by one number.
struct Vectors {
  let first: UInt64
  /// FPCR: a rounding mode, and whether there are default NaNs.
  let control: UInt64

  init(_ number: UInt64) {
    first = (number &+ 1) &* 0x0101_0101_0000_1000
    control = (number & 3) << 22 | (number >> 2 & 1) << 25
  }

  /// Sets the registers of the domain that calls this.
  func set() { selftest_set_vectors(first, control) }

  /// How many registers of the domain that calls this are not as `set` left them.
  func countOthers() -> UInt64 { selftest_count_other_vectors(first, control) }

  /// All bits that any register of the domain that calls this has; one of them is changed.
  static func anyBits() -> UInt64 { selftest_any_vector_bits() }

  /// Sets the registers and looks at them again and again, while a word in memory counts the rounds, and the next one the
  /// registers that were another's.
  func keepForever(countingAt address: UInt64) -> Never {
    var rounds: UInt64 = 0
    var others: UInt64 = 0
    while true {
      set()
      for _ in 0..<1000 { others &+= countOthers() }
      rounds &+= 1
      Memory.write(rounds, at: address)
      Memory.write(others, at: address + 8)
    }
  }
}
