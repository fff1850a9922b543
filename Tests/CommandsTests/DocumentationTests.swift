import Commands
import Foundation
import HostedKernel
import TargetLink
import Testing

@Suite struct DocumentationTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Documentation/commands").standardizedFileURL

  private static func page(_ name: String) throws -> String {
    try String(contentsOf: folder.appendingPathComponent(name + ".md"), encoding: .utf8)
  }

  @Test(arguments: CommandTable.commands.map(\.name))
  func `every command has a page with its synopsis and its other spellings`(_ name: String) throws {
    let command = try CommandTable.find(name)
    let page = try Self.page(name)
    #expect(page.hasPrefix("# \(name)\n"))
    #expect(page.contains("    \(command.synopsis) [--json] [--stop]\n"))
    for alias in command.aliases { #expect(page.contains("`\(alias)`"), "\(alias)") }
  }

  @Test(arguments: CommandTable.commands.map(\.name))
  func `every command has help with an example of itself`(_ name: String) throws {
    let command = try CommandTable.find(name)
    #expect(!command.summary.isEmpty && !command.summary.hasSuffix("."))
    #expect(!command.discussion.isEmpty)
    #expect(command.example.prefix { $0 != " " && $0 != "/" } == name[...])
  }

  @Test(arguments: CommandTable.commands.map(\.name))
  func `every command's example is a line that its target answers or refuses, not one it does not understand`(
    _ name: String
  ) throws {
    let hosted = try Scenario().hosted
    let target = InMemoryTarget(live: [
      MemoryRange(address: hosted.memory.base, count: Int(hosted.memory.size))
    ])
    target.descriptor = try target.readPhysical(address: hosted.descriptor, count: hosted.descriptorSize)
    let session = try CommandSession(target: target)
    do {
      let json = try session.run(line: CommandTable.find(name).example + " --json").rendered
      #expect(try JSONSerialization.jsonObject(with: Data(json.utf8)) is [String: Any])
    } catch let error as CommandError {
      #expect(error.kind == .refused || error.text.hasPrefix("there is no breakpoint"), "\(error.text)")
    }
    withExtendedLifetime(hosted) {}
  }

  @Test func `every page is that of a command, and the index links to it`() throws {
    let index = try Self.page("README")
    let names = Set(CommandTable.commands.map(\.name))
    for file in try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    where file != "README.md" {
      #expect(names.contains(String(file.dropLast(3))), "\(file)")
      #expect(index.contains("(\(file))"), "\(file)")
    }
  }

  @Test func `the pages name every member of the answers' JSON`() throws {
    let hosted = try Scenario().hosted
    let target = InMemoryTarget(live: [
      MemoryRange(address: hosted.memory.base, count: Int(hosted.memory.size))
    ])
    target.descriptor = try target.readPhysical(address: hosted.descriptor, count: hosted.descriptorSize)
    let session = try CommandSession(target: target)
    let lines = [
      "domains", "cnodes", "cnode server", "caps", "cap server:2", "tree", "endpoints", "notifications",
      "irqs", "irq 34",
      "untyped", "slices", "segments", "mappings root", "translate server 0x1000", "findings", "check",
    ]
    for line in lines {
      let json = try session.run(line: line + " --json").json
      let page = try Self.page(String(line.prefix { $0 != " " }))
      for key in Self.keys(json).subtracting(Self.everywhere) {
        #expect(
          page.contains("`\(key)`") || page.contains(".\(key)`") || page.contains("\"\(key)\""),
          "\(line): \(key)")
      }
    }
    withExtendedLifetime(hosted) {}
  }

  /// Members that the index explains, and those inside of `detail`.
  private static let everywhere: Set<String> = [
    "consistency", "findings", "detail", "sizeBits", "device", "table", "index", "used", "radix", "guard",
    "guardSize", "badge", "master", "start", "count", "line", "asid", "remaining",
  ]

  private static func keys(_ value: JSONValue) -> Set<String> {
    switch value {
    case .object(let members):
      members.reduce(into: []) { $0.formUnion(keys($1.value).union([$1.key])) }
    case .array(let values): values.reduce(into: []) { $0.formUnion(keys($1)) }
    default: []
    }
  }
}
