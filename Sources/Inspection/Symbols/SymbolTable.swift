/// A name for a piece of the kernel's image.
package struct Symbol: Equatable, Sendable {
  /// As the linker knows it.
  package let name: String
  package let address: UInt64
  /// Bytes; 0 if unknown.
  package let size: UInt64

  /// The name as a person would write it.
  package var readableName: String { demangle(name).printableName }

  /// Its module, types and base name only: `KernelCore.Kernel.tick`.
  package var shortName: String { Self.shortened(readableName) }

  package static func shortened(_ readableName: String) -> String { SymbolName.shortened(readableName) }
}

/// The kernel's symbols, by address and by name.
package struct SymbolTable: Sendable {
  /// In the order of their addresses.
  private let symbols: [Symbol]
  private let positions: [String: Int]
  /// A symbol without a size reaches this far, unless the next one begins.
  private static let reach: UInt64 = 1 << 20

  /// Reads an ELF file; nil if it has no symbols.
  package init?(elf file: [UInt8]) {
    let sorted = ELFSymbols(file).symbols.sorted {
      ($0.address, $1.size, $0.name) < ($1.address, $0.size, $1.name)
    }
    guard !sorted.isEmpty else { return nil }
    symbols = sorted
    positions = sorted.indices.reversed().reduce(into: [:]) { $0[sorted[$1].name] = $1 }
  }

  /// The symbol that covers an address.
  package func symbol(at address: UInt64) -> Symbol? {
    var low = 0
    var high = symbols.count
    while low < high {
      let middle = (low + high) / 2
      if symbols[middle].address <= address { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return nil }
    // Of several at one address, the largest comes first.
    let last = symbols[low - 1].address
    var first = low - 1
    while first > 0, symbols[first - 1].address == last { first -= 1 }
    let symbol = symbols[first]
    let offset = address - symbol.address
    return offset < (symbol.size == 0 ? Self.reach : symbol.size) ? symbol : nil
  }

  /// `NAME` or `NAME + OFFSET` for an address in the kernel's image.
  package func describe(_ address: UInt64) -> String? {
    guard let symbol = symbol(at: address) else { return nil }
    let offset = address - symbol.address
    return symbol.shortName + (offset == 0 ? "" : " + \(offset)")
  }

  /// The symbol called exactly so; else all whose short name is this or ends in it: `Kernel.tick`.
  package func candidates(_ name: String) -> [Symbol] {
    if let position = positions[name] { return [symbols[position]] }
    return symbols.filter { symbol in
      let short = symbol.shortName
      return short == name || short.hasSuffix("." + name)
    }
  }

  /// Symbols whose name, as it is or readable, contains `text`.
  package func matches(_ text: String, limit: Int) -> [Symbol] {
    if let exact = positions[text] { return [symbols[exact]] }
    var matches: [Symbol] = []
    for symbol in symbols where matches.count < limit {
      if contains(symbol.readableName, text) || contains(symbol.name, text) { matches.append(symbol) }
    }
    return matches
  }

  /// Ways to write a symbol's name that begin so, for completion: `Kernel.tick` and `tick` are two.
  package func names(beginning prefix: String, limit: Int) -> [String] {
    var names: Set<String> = []
    for symbol in symbols where names.count < limit {
      var rest = symbol.shortName[...]
      while !rest.hasPrefix(prefix), let dot = rest.firstIndex(of: ".") {
        rest = rest[rest.index(after: dot)...]
      }
      if rest.hasPrefix(prefix) { names.insert(String(rest)) }
    }
    return names.sorted()
  }

  private func contains(_ text: String, _ part: String) -> Bool {
    guard !part.isEmpty else { return false }
    var rest = text[...]
    while rest.count >= part.count {
      if rest.hasPrefix(part) { return true }
      rest = rest.dropFirst()
    }
    return false
  }
}

extension String {
  /// Printable, and longer than ``printable`` allows: demangled names are long.
  fileprivate var printableName: String {
    String(String.UnicodeScalarView(unicodeScalars.prefix(512).map { $0.isPrintable ? $0 : "?" }))
  }
}
