internal import Commands
internal import Inspection
internal import TargetLink

/// A QEMU of this machine, and the Vesper kernel that it runs, if its memory could be read and one was found.
struct FoundSystem {
  var emulator: RunningEmulator
  var kernel: KernelDescriptor?

  /// All QEMUs of this machine; their memory is looked through for kernels, which they do not notice.
  static func all() -> [FoundSystem] {
    QEMUDiscovery.runningEmulators().map { FoundSystem(emulator: $0, kernel: kernel(in: $0)) }
  }

  private static func kernel(in emulator: RunningEmulator) -> KernelDescriptor? {
    guard let target = try? TargetSpecification.qemu(String(emulator.processID)).attach() else { return nil }
    defer { target.detach() }
    return try? DescriptorLocator.locate(in: target)
  }
}
