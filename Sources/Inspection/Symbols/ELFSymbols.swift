/// The symbols of a 64-bit little-endian ELF file (System V ABI, Object Files), taken with care: nothing in the
/// file is believed before it is checked against the file's size.
struct ELFSymbols {
  private(set) var symbols: [Symbol] = []

  private static let headerSize = 64
  private static let sectionSize = 64
  private static let symbolSize = 24
  private static let symbolTableType: UInt64 = 2
  /// More symbols than this are not read.
  private static let limit = 1 << 18
  /// Longest name that is kept, in bytes.
  private static let nameLimit = 4096

  private struct Section {
    let type: UInt64
    let offset: Int
    let size: Int
    let link: Int
  }

  /// Nothing, if the file is not of this kind or has no symbol table.
  init(_ file: [UInt8]) {
    let view = ByteView(file)
    // "\u{7f}ELF", 64 bit, little-endian.
    guard file.count >= Self.headerSize, view.integer(at: 0, size: 6) == 0x0102_464c_457f else { return }
    let sections = Self.sections(view, fileSize: file.count)
    guard let table = sections.first(where: { $0.type == Self.symbolTableType }), table.link < sections.count
    else { return }
    let strings = sections[table.link]
    for index in 0..<min(table.size / Self.symbolSize, Self.limit) {
      let entry = view.view(from: table.offset + index * Self.symbolSize)
      guard let symbol = Self.symbol(entry, file, strings) else { continue }
      symbols.append(symbol)
    }
  }

  private static func sections(_ view: ByteView, fileSize: Int) -> [Section] {
    guard let start = Int(exactly: view.integer(at: 40, size: 8)) else { return [] }
    let count = Int(view.integer(at: 60, size: 2))
    guard start <= fileSize, count <= (fileSize - start) / sectionSize else { return [] }
    return (0..<count).map { index in
      let entry = view.view(from: start + index * sectionSize)
      let offset = Int(exactly: entry.integer(at: 24, size: 8)) ?? fileSize
      let size = Int(exactly: entry.integer(at: 32, size: 8)) ?? 0
      let isInside = offset <= fileSize && size <= fileSize - offset
      return Section(
        type: entry.integer(at: 4, size: 4), offset: isInside ? offset : 0, size: isInside ? size : 0,
        link: Int(entry.integer(at: 40, size: 4)))
    }
  }

  /// A function, an object or a label; not a section, a file, or one of the assembler's mapping symbols (`$x`).
  private static func symbol(_ entry: ByteView, _ file: [UInt8], _ strings: Section) -> Symbol? {
    let type = entry.integer(at: 4, size: 1) & 15
    let section = entry.integer(at: 6, size: 2)
    let nameOffset = Int(entry.integer(at: 0, size: 4))
    guard type <= 2, section != 0, nameOffset < strings.size else { return nil }
    let start = strings.offset + nameOffset
    let end = min(strings.offset + strings.size, start + nameLimit)
    let name = String(decoding: file[start..<end].prefix { $0 != 0 }, as: UTF8.self)
    guard !name.isEmpty, !name.hasPrefix("$x"), !name.hasPrefix("$d") else { return nil }
    return Symbol(name: name, address: entry.integer(at: 8, size: 8), size: entry.integer(at: 16, size: 8))
  }
}
