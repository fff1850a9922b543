internal import Glibc
package import SystemPackage

/// A folder of one's own, for sockets and files that end with whoever made them.
package struct TemporaryFolder {
  package let path: String

  /// Where such folders, and files without a name, are made: `TMPDIR`, or `/tmp`.
  package static var parent: String { getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp" }

  /// Makes it with mode 0700 (mkdtemp): nobody else is to reach what is in it.
  package init() throws(Errno) {
    var template = Array("\(Self.parent)/vesper-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Takes it away with the files in it.
  package func remove() {
    for name in namesInFolder(path) { unlink("\(path)/\(name)") }
    rmdir(path)
  }
}
