internal import KernelObjects

extension KernelDescriptor {
  /// Reads a descriptor as it lies in memory: the header, then the body of lines that the header measures.
  ///
  /// Bytes after the body are ignored, so that a caller may pass whole pages.
  package init(bytes: [UInt8]) throws(InspectionError) {
    let header = try Header(bytes)
    guard bytes.count >= header.totalSize else {
      throw .damagedDescriptor(reason: "it ends after \(bytes.count) of \(header.totalSize) bytes")
    }
    let body = bytes[header.headerSize..<header.totalSize]
    guard Self.checksum(body) == header.checksum else {
      throw .damagedDescriptor(reason: "its checksum is wrong")
    }
    self.init()
    var isComplete = false
    var section = Section()
    for line in body.split(separator: UInt8(ascii: "\n")) where !isComplete {
      isComplete = line.elementsEqual("end".utf8)
      let words = line.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
      if line.first == UInt8(ascii: " ") {
        try parse(words, in: &section)
      } else {
        section = Section(kind: words.first ?? "", name: words.count > 1 ? words[1] : "")
        try parse(words)
      }
    }
    guard isComplete, !version.isEmpty else {
      throw .damagedDescriptor(reason: "it has no `\(version.isEmpty ? "kernel" : "end")` line")
    }
  }

  private static func checksum(_ body: ArraySlice<UInt8>) -> UInt32 {
    var sum = DescriptorHeader.checksumSeed
    for byte in body { sum = DescriptorHeader.checksum(sum, adding: byte) }
    return sum
  }

  /// The binary start of a descriptor. Its form never changes; what follows may, and says so in `version`.
  struct Header {
    static let size = 32

    let headerSize: Int
    let totalSize: Int
    let checksum: UInt32

    init(_ bytes: [UInt8]) throws(InspectionError) {
      let view = ByteView(bytes)
      guard bytes.count >= Self.size, Self.isMagic(bytes) else {
        throw .damagedDescriptor(reason: "it does not begin with the magic words")
      }
      let version = UInt32(truncatingIfNeeded: view.integer(at: 16, size: 4))
      guard (1...DescriptorHeader.currentVersion).contains(version) else {
        throw .unknownDescriptorVersion(version)
      }
      let headerSize = Int(view.integer(at: 20, size: 4))
      let bodySize = Int(view.integer(at: 24, size: 4))
      guard headerSize >= Self.size, headerSize + bodySize <= DescriptorHeader.sizeLimit else {
        throw .damagedDescriptor(reason: "it claims \(headerSize) + \(bodySize) bytes")
      }
      self.headerSize = headerSize
      totalSize = headerSize + bodySize
      checksum = UInt32(truncatingIfNeeded: view.integer(at: 28, size: 4))
    }

    static func isMagic(_ bytes: [UInt8]) -> Bool {
      let view = ByteView(bytes)
      return bytes.count >= 16 && view.integer(at: 0, size: 8) == DescriptorHeader.magic0Value
        && view.integer(at: 8, size: 8) == DescriptorHeader.magic1Value
    }
  }

  /// The last line that began at its beginning.
  private struct Section {
    var kind = ""
    var name = ""
    /// Where the last field of an object ended.
    var end = 0
  }

  /// Enters what a line says; a line of an unknown kind says nothing to this version.
  private mutating func parse(_ words: [String]) throws(InspectionError) {
    switch (words.first, words.count) {
    case ("kernel", 4...):
      version = words[1].printable
      build = words[2].printable
      board = words[3].printable
    case ("object", 3...):
      objectSizes[words[1]] = try number(words[2])
    default:
      try parseWhole(words)
    }
  }

  /// Lines of version 1, which had no sections.
  private mutating func parseWhole(_ words: [String]) throws(InspectionError) {
    switch (words.first, words.count) {
    case ("constant", 3...):
      constants[words[1]] = try number(words[2])
    case ("field", 5...):
      fields[words[1] + "." + words[2]] = LayoutField(
        offset: try smallNumber(words[3]), size: try smallNumber(words[4]))
    case ("bits", 6...):
      bits[words[1] + "." + words[2]] = try bitRange(words[3...])
    case ("value", 4...):
      values[words[1], default: [:]][try number(words[2])] = words[3].printable
    default:
      break
    }
  }

  /// Enters what a line of a section says.
  private mutating func parse(_ words: [String], in section: inout Section) throws(InspectionError) {
    switch (section.kind, words.count) {
    case ("constants", 2...):
      constants[words[0]] = try number(words[1])
    case ("object", 1...):
      let size = words.count > 1 ? try smallNumber(words[1]) : 8
      let offset = words.count > 2 ? try smallNumber(words[2]) : section.end
      fields[section.name + "." + words[0]] = LayoutField(offset: offset, size: size)
      section.end = offset + size
    case ("encoding", 4...):
      bits[section.name + "." + words[0]] = try bitRange(words[1...])
    case ("enumeration", 2...):
      values[section.name, default: [:]][try number(words[0])] = words[1].printable
    default:
      break
    }
  }

  private func bitRange(_ words: ArraySlice<String>) throws(InspectionError) -> BitRange {
    let first = words.startIndex
    return BitRange(
      word: try smallNumber(words[first]), shift: try smallNumber(words[first + 1]),
      width: try smallNumber(words[first + 2]))
  }

  private func number(_ word: String) throws(InspectionError) -> UInt64 {
    guard let value = UInt64(word, radix: 16) else {
      throw .damagedDescriptor(reason: "`\(word.printable)` is not a number")
    }
    return value
  }

  private func smallNumber(_ word: String) throws(InspectionError) -> Int {
    let value = try number(word)
    guard value < 1 << 32 else { throw .damagedDescriptor(reason: "\(word) is out of range") }
    return Int(value)
  }
}

extension String {
  /// The string with everything a terminal would act on replaced, and of bounded length.
  package var printable: String {
    String(String.UnicodeScalarView(unicodeScalars.prefix(64).map { $0.isPrintable ? $0 : "?" }))
  }
}

extension Unicode.Scalar {
  var isPrintable: Bool {
    switch properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
    default: true
    }
  }
}
