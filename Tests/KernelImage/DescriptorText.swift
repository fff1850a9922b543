internal import KernelObjects

/// The text of a descriptor as lines each of which says all by itself, as kernels of version 1 wrote them, so that a
/// test can change them, take some out and turn them around.
///
/// `constant NAME VALUE`, `object NAME SIZE`, `field OBJECT NAME OFFSET SIZE`, `bits ENCODING NAME WORD SHIFT WIDTH`,
/// `value ENUMERATION NUMBER NAME`, and others as they are.
package struct DescriptorText {
  package var lines: [String] = []

  /// - Parameter body: what comes behind a descriptor's header.
  package init(_ body: some Sequence<UInt8>) {
    var heading: [Substring] = []
    var end = 0
    for line in String(decoding: Array(body), as: UTF8.self).split(separator: "\n") {
      let words = line.split(separator: " ")
      guard line.hasPrefix(" "), let name = heading.first else {
        heading = words
        end = 0
        if !["constants", "encoding", "enumeration"].contains(words.first) { lines.append(String(line)) }
        continue
      }
      let rest = words.joined(separator: " ")
      switch name {
      case "constants": lines.append("constant \(rest)")
      case "encoding": lines.append("bits \(heading[1]) \(rest)")
      case "enumeration": lines.append("value \(heading[1]) \(rest)")
      default:
        let numbers = words.dropFirst().compactMap { Int($0, radix: 16) }
        let (size, offset) = (numbers.first ?? 8, numbers.count > 1 ? numbers[1] : end)
        end = offset + size
        lines.append(
          "field \(heading[1]) \(words[0]) \(String(offset, radix: 16)) \(String(size, radix: 16))")
      }
    }
  }

  /// A descriptor with these lines, of version 1 or 2.
  package func bytes(version: UInt32 = DescriptorHeader.currentVersion) -> [UInt8] {
    let body = Array(((version == 1 ? lines : grouped).joined(separator: "\n") + "\n").utf8)
    let sum = body.reduce(DescriptorHeader.checksumSeed) { DescriptorHeader.checksum($0, adding: $1) }
    var header = DescriptorHeader(bodySize: UInt32(body.count), checksum: sum)
    header.version = version
    return withUnsafeBytes(of: header, Array.init) + body
  }

  private var grouped: [String] {
    var grouped: [String] = []
    var heading = ""
    for line in lines {
      let words = line.split(separator: " ").map(String.init)
      let kinds = [
        "constant": "constants", "field": "object", "bits": "encoding", "value": "enumeration",
      ]
      guard let first = words.first, let kind = kinds[first] else {
        // Those of objects come before their fields.
        if words.first != "object" { grouped.append(line) }
        heading = ""
        continue
      }
      let wanted = first == "constant" ? kind : "\(kind) \(words[1])"
      if heading != wanted {
        heading = wanted
        grouped.append(first == "field" ? objectLine(words[1]) : wanted)
      }
      let rest = words.dropFirst(first == "constant" ? 1 : 2)
      grouped.append(" " + (first == "field" ? [words[2], words[4], words[3]] : rest).joined(separator: " "))
    }
    return grouped
  }

  /// A line that means nothing where the object's own was taken out.
  private func objectLine(_ name: String) -> String {
    lines.first { $0.hasPrefix("object \(name) ") } ?? "nothing \(name)"
  }
}
