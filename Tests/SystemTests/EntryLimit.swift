import Foundation

/// The most instructions that a kernel entry may take, and how entries are held to it.
enum EntryLimit {
  /// As `make bench` has it.
  static let instructions: Int = {
    let table = try? String(contentsOfFile: "\(BuiltFiles.root)/userland/Bench/rows.txt", encoding: .utf8)
    return table?.firstMatch(of: /(?m)^limit\|([0-9]+)$/).flatMap { Int($0.1) } ?? 0
  }()

  /// Options of a QEMU that writes to `file` what its kernel entries take.
  static func options(writing file: URL) -> [String] {
    ["-plugin", "\(BuiltFiles.entries),output=\(file.path)"]
  }

  /// The longest entry that was written to `file`.
  static func longest(in file: URL) throws -> Int {
    try String(contentsOf: file, encoding: .utf8).matches(of: /(?m)^any ([0-9]+)$/).compactMap { Int($0.1) }
      .max() ?? 0
  }
}
