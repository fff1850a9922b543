/// What a client of a pager does with a large array: it touches a few pages, far apart.
struct SparseArray {
  let address: UInt64
  /// Bytes, a power of two.
  let size: UInt64

  static let pagesTouched: UInt64 = 400

  /// Address of a word in the `number`-th page that is touched. An odd stride visits no page twice.
  private func word(_ number: UInt64) -> UInt64 {
    let pages = size >> 12
    let page = (number &* 4099) & (pages - 1)
    return address + page << 12 + (number % 512) << 3
  }

  /// - Returns: pages written.
  func fill() -> UInt64 {
    for number in 0..<Self.pagesTouched { Memory.write(Self.contents(number), at: word(number)) }
    return Self.pagesTouched
  }

  /// - Returns: words that are not what `fill` wrote.
  func check() -> UInt64 {
    var wrong: UInt64 = 0
    for number in 0..<Self.pagesTouched where Memory.read(word(number)) != Self.contents(number) {
      wrong += 1
    }
    return wrong
  }

  /// - Returns: words that are not zero, in pages that nobody wrote.
  func checkUntouched() -> UInt64 {
    var wrong: UInt64 = 0
    for number in 0..<Self.pagesTouched where Memory.read(word(number)) != 0 { wrong += 1 }
    return wrong
  }

  private static func contents(_ number: UInt64) -> UInt64 { (number + 1) &* 0x9e37_79b9_7f4a_7c15 }
}
