internal import KernelObjects

extension ImageBuilder {
  /// Replaces a word of a kernel object by one that is wrong in some way: random, zero, another object's, one off.
  package mutating func spoilWord(using generator: inout some RandomNumberGenerator) {
    let address = randomWord(using: &generator)
    let old = load(UInt64.self, at: address)
    let new: UInt64 =
      switch UInt8.random(in: 0..<8, using: &generator) {
      case 0: generator.next()
      case 1: .max
      case 2: 0
      case 3: old ^ 1 << UInt64.random(in: 0..<64, using: &generator)
      case 4: old &+ 8
      case 5: randomWord(using: &generator)
      case 6: old << 32 | old >> 32
      default: load(UInt64.self, at: randomWord(using: &generator))
      }
    store(new, at: address)
  }

  /// A word that is not zero, so that it means something; with luck, else any.
  private func randomWord(using generator: inout some RandomNumberGenerator) -> UInt64 {
    var address: UInt64 = 0
    for _ in 0..<64 {
      address = state + UInt64.random(in: 0..<(end - state) / 8, using: &generator) * 8
      if load(UInt64.self, at: address) != 0 { break }
    }
    return address
  }

  /// Changes digits of the descriptor's body and makes the checksum fit, so that the lines are believed.
  package mutating func spoilDescriptor(using generator: inout some RandomNumberGenerator) {
    let header = UInt64(MemoryLayout<DescriptorHeader>.size)
    let size = UInt64(load(UInt32.self, at: place(\DescriptorHeader.bodySize, of: Self.base)))
    for _ in 0..<Int.random(in: 1...3, using: &generator) {
      let place = Self.base + header + UInt64.random(in: 0..<size, using: &generator)
      let letters = Array("0123456789abcdef f\n".utf8)
      store(letters[Int.random(in: 0..<letters.count, using: &generator)], at: place)
    }
    var sum = DescriptorHeader.checksumSeed
    for offset in 0..<size {
      sum = DescriptorHeader.checksum(sum, adding: load(UInt8.self, at: Self.base + header + offset))
    }
    store(sum, at: place(\DescriptorHeader.checksum, of: Self.base))
  }
}
