import Foundation

/// What `make build` leaves: these tests are of the programs that people run.
enum BuiltFiles {
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
  static let kernel = "\(root)/build/vesper-kernel.elf"
  static let selfTest = "\(root)/build/vesper-selftest.elf"
  static let drivers = "\(root)/build/vesper-drivers.elf"
  static let churn = "\(root)/build/vesper-churn.elf"
  static let examples = "\(root)/build/vesper-examples.elf"
  static let bench = "\(root)/build/vesper-bench.elf"
  /// QEMU's plugin that counts kernel entries.
  static let entries = "\(root)/build/entries.so"
  /// Without the debug channel.
  static let production = "\(root)/build/vesper-kernel-production.elf"
  static let vesper = "\(root)/build/vesper"
}
