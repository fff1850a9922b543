import Foundation
import Testing

/// The Swift that the documentation shows is what is built: the line above a block names the file, as "`PATH`:" if the
/// block is all of it, and as "From `PATH`:" if it is a part.
@Suite struct SourceBlockTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../..").standardizedFileURL

  private struct Block {
    var page, caption, text: String
  }

  /// The blocks of a page, each with the line before it that is not empty.
  private static func blocks(of page: String, in text: String) -> [Block] {
    var blocks: [Block] = []
    var caption = ""
    var lines: [Substring]?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if let shown = lines {
        if line == "```" {
          blocks.append(Block(page: page, caption: caption, text: shown.map { $0 + "\n" }.joined()))
          lines = nil
        } else {
          lines = shown + [line]
        }
      } else if line == "```swift" {
        lines = []
      } else if !line.isEmpty {
        caption = String(line)
      }
    }
    return blocks
  }

  private static func allBlocks() throws -> [Block] {
    let folder = root.appendingPathComponent("Documentation")
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
    return try files.sorted().filter { $0.hasSuffix(".md") }.flatMap { page in
      blocks(
        of: page, in: try String(contentsOf: folder.appendingPathComponent(page), encoding: .utf8))
    }
  }

  /// What is wrong with a block; nil if nothing is.
  private static func complaint(_ block: Block) throws -> String? {
    guard let match = block.caption.wholeMatch(of: /(From )?`([^`]+\.swift)`:/) else {
      return "\(block.page): a block of Swift without its file: \(block.caption)"
    }
    let source = try String(contentsOf: root.appendingPathComponent(String(match.2)), encoding: .utf8)
    if match.1 == nil { return source == block.text ? nil : "\(block.page): \(match.2) is other" }
    let isThere = [0, 2, 4].contains { width in
      let margin = String(repeating: " ", count: width)
      let lines = block.text.split(separator: "\n", omittingEmptySubsequences: false)
      let indented = lines.map { $0.isEmpty ? "" : margin + $0 }.joined(separator: "\n")
      return ("\n" + source).contains("\n" + indented)
    }
    return isThere ? nil : "\(block.page): \(match.2) has no such part"
  }

  @Test func `every block of Swift in the documentation is the file that it names, or a part of it`() throws {
    for block in try Self.allBlocks() { #expect(try Self.complaint(block) == nil) }
  }

  @Test(arguments: ["scheduling.md", "drivers.md", "userland.md"])
  func `a page that says how a program is written shows a complete one`(page: String) throws {
    let blocks = try Self.allBlocks().filter { $0.page == page }
    #expect(blocks.contains { $0.caption.hasPrefix("`userland/") && $0.text.contains("@main\n") })
  }

  @Test func `a block that is not the file, or names none, is found`() throws {
    func complaints(_ caption: String, _ text: String) throws -> Int {
      let page = "\(caption)\n\n```swift\n\(text)```\n"
      return try Self.blocks(of: "page", in: page).compactMap(Self.complaint).count
    }
    let path = "userland/Waiter/Waiter.swift"
    let source = try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
    #expect(try complaints("`\(path)`:", source) == 0)
    #expect(try complaints("`\(path)`:", source + "\n") == 1)
    #expect(try complaints("From `\(path)`:", "static func main() {\n") == 0)
    #expect(try complaints("From `\(path)`:", "static func other() {\n") == 1)
    #expect(try complaints("A program:", source) == 1)
  }
}
