internal import KernelObjects

/// Descriptors that lie.
extension HostileTarget {
  func isDescriptor(word index: Int) -> Bool { descriptorPlace.overlaps(index * 8..<index * 8 + 4096) }

  /// Changes a few digits of the descriptor's body and makes the checksum fit, so that the lines are believed.
  func spoilDescriptor(using generator: inout some RandomNumberGenerator) {
    let letters = Array("0123456789abcdef f\n".utf8)
    var body = descriptorBody
    for _ in 0..<Int.random(in: 1...3, using: &generator) {
      body[Int.random(in: body.indices, using: &generator)] = letters.randomElement(using: &generator) ?? 0
    }
    replaceDescriptor(body)
  }

  /// The text of the descriptor.
  package var descriptorBody: [UInt8] {
    Array(
      bytes[(descriptorPlace.lowerBound + MemoryLayout<DescriptorHeader>.size)..<descriptorPlace.upperBound])
  }

  /// Puts another text of the same or a smaller size in its place; what is left over becomes blank lines.
  package func replaceDescriptor(_ text: [UInt8]) {
    let size = descriptorBody.count
    let body = text.prefix(size) + [UInt8](repeating: 0x0a, count: max(0, size - text.count))
    let sum = body.reduce(DescriptorHeader.checksumSeed) { DescriptorHeader.checksum($0, adding: $1) }
    let header = DescriptorHeader(bodySize: UInt32(size), checksum: sum)
    var all = withUnsafeBytes(of: header, Array.init) + body
    all += [UInt8](repeating: 0, count: (8 - all.count % 8) % 8)
    let first = descriptorPlace.lowerBound / 8
    for word in 0..<all.count / 8 {
      set(
        first + word, to: all.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: word * 8, as: UInt64.self) })
    }
  }
}
