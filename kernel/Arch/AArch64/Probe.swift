internal import KernelBoot

/// Accesses to memory that may turn out not to answer.
public enum Probe {
  /// Reads 1, 2, 4 or 8 bytes at an aligned virtual address in one access; nil if that aborted.
  public static func load(_ address: UInt64, width: Int) -> UInt64? {
    let result = vesper_probe_load(address, UInt64(truncatingIfNeeded: width))
    return result.succeeded != 0 ? result.value : nil
  }

  /// Writes 1, 2, 4 or 8 bytes at an aligned virtual address in one access; false if that aborted.
  public static func store(_ value: UInt64, at address: UInt64, width: Int) -> Bool {
    vesper_probe_store(address, UInt64(truncatingIfNeeded: width), value).succeeded != 0
  }

  /// Where a probe that aborted at `pc` goes on; nil if that is not a probe's.
  public static func continuation(of pc: UInt64) -> UInt64? {
    let continuation = vesper_probe_continuation(pc)
    return continuation == 0 ? nil : continuation
  }
}
