internal import SystemPackage

/// A core file that was opened: which memory it has, and the registers of its first processor.
///
/// Whatever is in the file is checked: its headers may be anything.
struct CoreFile {
  /// A run of physical memory.
  struct Segment: Equatable {
    var address: UInt64
    /// In the file, in bytes.
    var size: UInt64
    var offset: UInt64
  }

  let file: RandomAccessFile
  /// By address, without overlaps.
  private(set) var segments: [Segment] = []
  private(set) var registers: [RegisterValue] = []
  /// What is wrong with it, and does not keep it from being read.
  private(set) var defects: [TargetDefect] = []
  private static let mostHeaders: UInt64 = 1 << 16
  private static let longestNote: UInt64 = 1 << 20

  init(path: String) throws(TargetError) {
    file = try CoreDecompression.open(path)
    let header = CoreBytes(bytes: file.read(at: 0, count: ELFCore.headerSize) ?? [])
    if let problem = Self.problem(header) { throw .unusableFile(path: path, reason: problem) }
    let table = header.integer(32, 8)
    let count = headerCount(header)
    guard count > 0, count <= Self.mostHeaders, table < file.size else {
      throw .unusableFile(path: path, reason: "it has \(count) program headers at \(hexadecimal(table))")
    }
    var found: [Segment] = []
    for index in 0..<count { readHeader(at: table &+ index * UInt64(ELFCore.programHeaderSize), &found) }
    segments = withoutOverlaps(found)
    guard !segments.isEmpty else {
      throw .unusableFile(path: path, reason: "no memory is in it")
    }
    if file.isCut { find("size", "the compressed file ends too early; what follows is missing") }
  }

  private static func problem(_ header: CoreBytes) -> String? {
    if header.bytes.starts(with: "KDUMP".utf8) || header.bytes.starts(with: "makedumpfile".utf8) {
      return
        "it is in kdump's format; make an ELF core (`dump-guest-memory FILE` without a format, or `vesper save`)"
    }
    if header.bytes.count < ELFCore.headerSize || !header.bytes.starts(with: [0x7f, 0x45, 0x4c, 0x46]) {
      return "it is no ELF file"
    }
    guard header.bytes[4] == 2, header.bytes[5] == 1 else { return "it is not ELF of 64 bits, little-endian" }
    guard header.integer(16, 2) == ELFCore.typeCore else { return "it is an ELF file, but no core" }
    guard header.integer(18, 2) == ELFCore.machine else {
      return "it is a core of machine \(header.integer(18, 2)), not of AArch64"
    }
    guard header.integer(54, 2) == ELFCore.programHeaderSize else {
      return "its program headers have a wrong size"
    }
    return nil
  }

  private func headerCount(_ header: CoreBytes) -> UInt64 {
    let count = header.integer(56, 2)
    guard count == ELFCore.manyHeaders else { return count }
    let section = CoreBytes(
      bytes: file.read(at: header.integer(40, 8), count: ELFCore.sectionHeaderSize) ?? [])
    return section.integer(44, 4)
  }

  private mutating func readHeader(at offset: UInt64, _ found: inout [Segment]) {
    guard let bytes = file.read(at: offset, count: ELFCore.programHeaderSize) else {
      return find("program headers", "the file ends before the one at \(hexadecimal(offset))")
    }
    let header = CoreBytes(bytes: bytes)
    let (start, size) = (header.integer(8, 8), header.integer(32, 8))
    switch header.integer(0, 4) {
    case ELFCore.load where size > 0: addSegment(header.integer(24, 8), start, size, &found)
    case ELFCore.note: readNotes(at: start, size: size)
    default: break
    }
  }

  private mutating func addSegment(
    _ address: UInt64, _ start: UInt64, _ size: UInt64, _ found: inout [Segment]
  ) {
    let name = "the memory from \(hexadecimal(address)) on"
    guard !address.addingReportingOverflow(size - 1).overflow else {
      return find("program headers", "\(name) would pass the end of all addresses; left out")
    }
    guard start < file.size else { return find("size", "\(name) lies behind the end of the file; left out") }
    let there = min(size, file.size - start)
    if there < size { find("size", "\(name) is cut after \(there) of \(size) bytes") }
    found.append(Segment(address: address, size: there, offset: start))
  }

  /// A second segment for the same memory is left out.
  private mutating func withoutOverlaps(_ found: [Segment]) -> [Segment] {
    var kept: [Segment] = []
    for segment in found.sorted(by: { ($0.address, $0.offset) < ($1.address, $1.offset) }) {
      if let last = kept.last, segment.address - last.address < last.size {
        find(
          "program headers", "two have the memory at \(hexadecimal(segment.address)); the second is left out")
      } else {
        kept.append(segment)
      }
    }
    return kept
  }

  /// The first NT_PRSTATUS is that of the first processor.
  private mutating func readNotes(at start: UInt64, size: UInt64) {
    let size = Int(min(size, Self.longestNote))
    guard registers.isEmpty, let bytes = file.read(at: start, count: size) else { return }
    let notes = CoreBytes(bytes: bytes)
    var offset = 0
    while offset + 12 <= bytes.count {
      let nameSize = (Int(notes.integer(offset, 4)) + 3) & ~3
      let length = Int(notes.integer(offset + 4, 4))
      let content = offset + 12 + nameSize
      if notes.integer(offset + 8, 4) == ELFCore.processorStatus, length >= ELFCore.statusSize,
        content + ELFCore.statusSize <= bytes.count, notes.integer(offset + 12, 4) == 0x4552_4f43
      {
        registers = ELFCore.registerNames.enumerated().map { index, name in
          let value = notes.integer(content + ELFCore.registersOffset + index * 8, 8)
          let width = ELFCore.bitWidth(ofRegister: name)
          return RegisterValue(name: name, bitWidth: width, value: width == 32 ? value & 0xffff_ffff : value)
        }
        return
      }
      offset = content + ((length + 3) & ~3)
    }
  }

  private mutating func find(_ field: String, _ text: String) {
    // As many as a snapshot has findings of one kind.
    if defects.count < 64 { defects.append(TargetDefect(object: "core", field: field, text: text)) }
  }
}

extension CoreFile {
  /// Bytes of physical memory; `nil` if not all of them are in one segment.
  func read(_ range: MemoryRange) -> [UInt8]? {
    guard range.count >= 0 else { return nil }
    var (low, high) = (0, segments.count)
    while low < high {
      let middle = (low + high) / 2
      if segments[middle].address <= range.address { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return nil }
    let segment = segments[low - 1]
    let offset = range.address - segment.address
    guard offset <= segment.size, UInt64(range.count) <= segment.size - offset else { return nil }
    return file.read(at: segment.offset &+ offset, count: range.count)
  }
}
