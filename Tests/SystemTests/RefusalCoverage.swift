import Foundation

/// A refusal of an invocation, as the manual documents it or the self-test saw it.
struct InvocationRefusal: Hashable, CustomStringConvertible {
  let invocation: UInt64
  let status: String
  let argument: Int

  var description: String { "\(String(invocation, radix: 16)) \(status) \(argument)" }

  /// Lines "# refused LABEL STATUS ARGUMENT" of the self-test.
  static func seen(in console: String) -> Set<InvocationRefusal> {
    Set(
      console.matches(of: /# refused 0x([0-9a-f]+) (\S+) (\d+)/).compactMap { match in
        guard let label = UInt64(match.1, radix: 16), let argument = Int(match.3) else { return nil }
        return InvocationRefusal(invocation: label, status: String(match.2), argument: argument)
      })
  }

  /// The tables of Documentation/kernel.
  static func documented() throws -> Set<InvocationRefusal> {
    let folder = "\(BuiltFiles.root)/Documentation/kernel"
    var result: Set<InvocationRefusal> = []
    for page in try FileManager.default.contentsOfDirectory(atPath: folder) {
      let text = try String(contentsOfFile: "\(folder)/\(page)", encoding: .utf8)
      for section in text.components(separatedBy: "\n## ").dropFirst() {
        guard
          let label = section.firstMatch(of: /(?m)^Label 0x([0-9a-f]+)/).flatMap({ UInt64($0.1, radix: 16) })
        else { continue }
        for row in section.matches(of: #/(?m)^\| `([a-z-]+)` \| (\d) \|/#) {
          result.insert(.init(invocation: label, status: String(row.1), argument: Int(row.2) ?? 0))
        }
        // Each argument that is a capability can be none, or another.
        for row in section.matches(of: #/(?m)^\| w(\d) \| .*? \| capability: /#) {
          let argument = (Int(row.1) ?? 0) + 1
          for status in ["invalid-capability", "wrong-type"] {
            result.insert(.init(invocation: label, status: status, argument: argument))
          }
        }
      }
    }
    return result
  }
}
