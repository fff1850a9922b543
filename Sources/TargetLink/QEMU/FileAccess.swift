internal import Glibc
internal import SystemPackage

/// The beginning of a file, at most `limit` bytes; `nil` if it cannot be read (or is gone).
package func readFile(_ path: String, atMost limit: Int) -> [UInt8]? {
  guard let file = try? FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec]) else {
    return nil
  }
  defer { try? file.close() }
  var contents: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 16 * 1024)
  while contents.count < limit {
    guard let count = try? chunk.withUnsafeMutableBytes({ try file.read(into: $0) }) else { return nil }
    if count == 0 { break }
    contents += chunk[..<min(count, limit - contents.count)]
  }
  return contents
}

/// Where a symbolic link leads; `nil` if that cannot be read.
package func readLink(_ path: String) -> String? {
  var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
  let count = readlink(path, &buffer, buffer.count)
  return count < 0 ? nil : String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
}

/// The names in a folder, without `.` and `..`; empty if it cannot be read.
func namesInFolder(_ path: String) -> [String] {
  guard let folder = opendir(path) else { return [] }
  defer { closedir(folder) }
  var names: [String] = []
  while let entry = readdir(folder) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != ".", name != ".." { names.append(name) }
  }
  return names
}
