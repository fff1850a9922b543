internal import Inspection

extension Command {
  static let symbol = Command(
    "symbol", aliases: ["sym"],
    summary: "Tell which kernel symbol is at an address, or the address of a symbol",
    usage: "ADDRESS | NAME",
    discussion: """
      Symbols are read from the kernel's ELF file. NAME is a symbol as the linker knows it, as a person would \
      write it, or a part of that: all that match are shown, at most 64.
      """,
    example: "symbol 0xffff000040200000", arguments: [.symbol], wordCount: 1...1
  ) { session, arguments throws(CommandError) in
    guard let symbols = session.symbols else {
      throw CommandError(.refused, "no symbols: \(session.symbolsMissing)")
    }
    let word = arguments.words[0]
    let matches: [Symbol]
    var offset: UInt64?
    let isRegister = word.hasPrefix("$") && symbols.candidates(word).isEmpty
    if let address = isRegister ? try session.address(word) : Snapshot.address(word) {
      matches = symbols.symbol(at: address).map { [$0] } ?? []
      offset = matches.first.map { address - $0.address }
    } else {
      matches = symbols.matches(word, limit: 64)
    }
    guard !matches.isEmpty else {
      throw CommandError(.usage, "no kernel symbol at or called `\(word.printable)`")
    }
    return Answer("symbols", table(matches, offset))
  }

  private static func table(_ symbols: [Symbol], _ offset: UInt64?) -> Table {
    var table = Table([
      .init("ADDRESS", "address"), .init("SIZE", "size", .right), .init("OFFSET", "offset"),
      .init("NAME", "name"), .jsonOnly("declaration"), .jsonOnly("mangled"),
    ])
    for symbol in symbols {
      table.add([
        .hex(symbol.address), .number(symbol.size), offset.map(Cell.hex) ?? .none, .text(symbol.shortName),
        .text(symbol.readableName), .text(symbol.name),
      ])
    }
    return table
  }
}
