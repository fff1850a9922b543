/// The layout of a core file: ELF-64, little-endian (System V ABI, chapters 4 and 5; Arm's ELF for AArch64).
enum ELFCore {
  static let headerSize = 64
  static let programHeaderSize = 56
  static let sectionHeaderSize = 64
  /// ET_CORE.
  static let typeCore: UInt64 = 4
  /// EM_AARCH64.
  static let machine: UInt64 = 183
  /// PT_LOAD and PT_NOTE.
  static let load: UInt64 = 1
  static let note: UInt64 = 4
  /// PN_XNUM: the number of program headers is `sh_info` of the first section header.
  static let manyHeaders: UInt64 = 0xffff
  /// NT_PRSTATUS of `CORE`, and where Linux's `elf_prstatus` has the registers of AArch64.
  static let processorStatus: UInt64 = 1
  static let statusSize = 392
  static let registersOffset = 112
  /// In the order of `elf_prstatus`.
  static let registerNames = (0..<31).map { "x\($0)" } + ["sp", "pc", "cpsr"]
  /// GDB shows the processor's status in 32 bits.
  static func bitWidth(ofRegister name: String) -> Int { name == "cpsr" ? 32 : 64 }
}

/// Little-endian integers of bytes that may be too few: what is not there is 0.
struct CoreBytes {
  let bytes: [UInt8]

  func integer(_ offset: Int, _ size: Int) -> UInt64 {
    guard offset >= 0, offset <= bytes.count, size <= bytes.count - offset else { return 0 }
    return bytes[offset..<offset + size].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
