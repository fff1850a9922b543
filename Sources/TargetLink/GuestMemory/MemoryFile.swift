internal import Glibc
internal import SystemPackage

/// The file behind a shared mapping of another process: what is written there is in the file at once.
///
/// For a process that may be looked at but not traced, as with Yama's `ptrace_scope` of 1.
final class MemoryFile {
  private let descriptor: FileDescriptor

  /// Opens the file again by the descriptor that the process has of it, so that it may have been unlinked.
  init?(of mapping: ProcessMapping, in processID: Int32) {
    guard mapping.isShared, let file = Self.open(mapping, processID) else { return nil }
    descriptor = file
  }

  deinit {
    try? descriptor.close()
  }

  func read(at offset: UInt64, count: Int) -> [UInt8]? {
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count, let start = buffer.baseAddress {
        let result = pread(
          descriptor.rawValue, start + filled, count - filled, off_t(offset) + off_t(filled))
        if result > 0 { filled += result } else if result == 0 || errno != EINTR { break }
      }
    }
    return bytes.count == count ? bytes : nil
  }

  private static func open(_ mapping: ProcessMapping, _ processID: Int32) -> FileDescriptor? {
    let folder = "/proc/\(processID)/fd"
    for name in namesInFolder(folder) {
      var information = stat()
      guard stat("\(folder)/\(name)", &information) == 0, identity(information) == mapping.file else {
        continue
      }
      return try? FileDescriptor.open(FilePath("\(folder)/\(name)"), .readOnly, options: [.closeOnExec])
    }
    return nil
  }

  /// Device and inode as `/proc/PID/maps` writes them.
  private static func identity(_ information: stat) -> String {
    func digits(_ number: UInt64) -> String {
      let text = String(number, radix: 16)
      return text.count < 2 ? "0" + text : text
    }
    // makedev(3): both numbers are in two parts.
    let device = UInt64(information.st_dev)
    let major = device >> 8 & 0xfff | device >> 32 & ~0xfff
    let minor = device & 0xff | device >> 12 & ~0xff
    return "\(digits(major)):\(digits(minor)) \(information.st_ino)"
  }
}
