/// Registers, by the numbers of the stub's own description.
extension RemoteProtocolClient {
  private static let longestDescription = 1 << 20
  private static let mostAnnexes = 64

  /// Reads `target.xml` and the annexes it includes.
  ///
  /// Numbers differ from one stub and one processor to the next, so nothing else says what `p0` is.
  func readRegisterDescriptions() throws(TargetError) -> [RegisterDescription] {
    var scan = TargetDescriptionScan()
    var annexes = ["target.xml"]
    var next = 0
    while next < annexes.count {
      let annex = annexes[next]
      next += 1
      guard let text = try readFeature(annex) else { break }
      scan.read(text)
      // In the order they are named: a register without a number follows the one before.
      for name in scan.takeIncludes() where !annexes.contains(name) && annexes.count < Self.mostAnnexes {
        annexes.append(name)
      }
    }
    return scan.registers
  }

  /// Reads the registers' contents, pipelined. One that the target cannot tell is left out.
  func readRegisters(
    _ descriptions: [RegisterDescription], for operation: String
  ) throws(TargetError) -> [RegisterValue] {
    let requests = descriptions.map { Array("p\(digits(UInt64($0.number)))".utf8) }
    let replies = try exchange(requests, for: operation)
    return zip(descriptions, replies).compactMap { description, reply in
      guard let bytes = bytes(hexadecimal: reply), !bytes.isEmpty, bytes.count <= 16 else { return nil }
      let halves = [bytes.prefix(8), bytes.dropFirst(8)].map { half in
        half.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      }
      return RegisterValue(
        name: description.name, bitWidth: description.bitWidth, value: halves[0], high: halves[1])
    }
  }

  func writeRegister(
    _ description: RegisterDescription, to value: UInt64, for operation: String, way: String
  ) throws(TargetError) {
    let bytes = (0..<max(1, description.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    try command(
      "P\(digits(UInt64(description.number)))=\(hexadecimalDigits(bytes))", for: operation, way: way)
  }

  private func readFeature(_ annex: String) throws(TargetError) -> String? {
    let bytes = try collect(atMost: Self.longestDescription, for: "reading \(annex)") {
      "qXfer:features:read:\(annex):\(digits(UInt64($0))),\(digits(UInt64($1)))"
    }
    return bytes.map { String(decoding: $0, as: UTF8.self) }
  }
}
