internal import Glibc

/// Where `vesper run` finds the kernel.
enum KernelImage {
  /// The image named, else the one beside this program.
  static func path(_ named: String?) throws(Failure) -> String {
    if let named {
      guard access(named, R_OK) == 0 else {
        throw Failure(.unavailable, "cannot read the kernel \(named): \(String(cString: strerror(errno)))")
      }
      return named
    }
    let beside = besideThisProgram
    guard access(beside, R_OK) == 0 else {
      throw Failure(
        .unavailable,
        "there is no kernel at \(beside); build it with `make kernel`, or name one with --kernel")
    }
    return beside
  }

  private static var besideThisProgram: String {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &path, path.count)
    let program = String(decoding: path.prefix(max(0, count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    let folder = program.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(
      separator: "/")
    return "\(folder)/vesper-kernel.elf"
  }
}
