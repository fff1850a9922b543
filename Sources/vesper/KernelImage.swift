internal import Glibc
internal import TargetLink

/// The kernel's ELF file.
enum KernelImage {
  /// In bytes; a kernel with all its debug information has a few million.
  private static let longest = 256 << 20

  /// The image named, else the one beside this program.
  static func path(_ named: String?) throws(Failure) -> String {
    if let named {
      guard access(named, R_OK) == 0 else { throw unreadable(named) }
      return named
    }
    guard access(besideThisProgram, R_OK) == 0 else {
      throw Failure(
        .unavailable,
        "there is no kernel at \(besideThisProgram); build it with `make kernel`, or name one with --kernel")
    }
    return besideThisProgram
  }

  static func contents(_ path: String) throws(Failure) -> [UInt8] {
    guard let contents = readFile(path, atMost: longest) else { throw unreadable(path) }
    return contents
  }

  private static func unreadable(_ path: String) -> Failure {
    Failure(.unavailable, "cannot read the kernel \(path): \(String(cString: strerror(errno)))")
  }

  private static let besideThisProgram: String = {
    let program = readLink("/proc/self/exe") ?? "./vesper"
    let folder = program.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    return folder.joined(separator: "/") + "/vesper-kernel.elf"
  }()
}
