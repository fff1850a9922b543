internal import Glibc
internal import Synchronization

/// A block of this process's memory at a low, fixed address: there a physical address is a pointer.
///
/// Slots link to each other by 31-bit numbers, so the block has to lie in the first 64 GiB.
package final class HostedMemory {
  package let base: UInt64
  package let size: UInt64

  private static let nextBase = Mutex<UInt64>(0x1_0000_0000)

  /// - Parameters:
  ///   - size: bytes, a multiple of 4096.
  ///   - base: where, or nil for anywhere.
  package init(size: UInt64, base: UInt64? = nil) {
    self.size = size
    self.base = base ?? Self.takeBase(size)
    let address = UnsafeMutableRawPointer(bitPattern: UInt(self.base))
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | 0x100000 /* MAP_FIXED_NOREPLACE */
    let mapped = mmap(address, Int(size), PROT_READ | PROT_WRITE, flags, -1, 0)
    // Two tests with the same place would come here, now and then.
    guard mapped == address else { fatalError("something is at 0x\(String(self.base, radix: 16)) already") }
  }

  deinit { munmap(UnsafeMutableRawPointer(bitPattern: UInt(base)), Int(size)) }

  private static func takeBase(_ size: UInt64) -> UInt64 {
    nextBase.withLock { next in
      // Bases are used again after 60 GiB; by then their kernels are long gone.
      if next + size > 0xf_0000_0000 { next = 0x1_0000_0000 }
      defer { next += (size + 0x1f_ffff) & ~0x1f_ffff }
      return next
    }
  }
}
