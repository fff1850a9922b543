internal import KernelObjects
package import TargetLink

/// Finds the kernel descriptor of a target: by asking, or by looking at the start of each page of memory.
package enum DescriptorLocator {
  /// Where kernels are loaded: RAM of QEMU's `virt`, of boards with RAM at 0, and of some at 2 GiB.
  static let bases: [UInt64] = [0x4000_0000, 0, 0x8000_0000]
  /// Bytes looked through from each base.
  static let span: UInt64 = 64 << 20
  static let pageSize: UInt64 = 4096
  /// Pages asked for at once.
  static let batch: UInt64 = 1024
  /// Pages that begin with the magic words but are no descriptor; more of them is an attack.
  static let candidateLimit = 16

  package static func locate(in target: any Target) throws(InspectionError) -> KernelDescriptor {
    do {
      if let bytes = try target.readDescriptor() { return try KernelDescriptor(bytes: bytes) }
      return try scan(target)
    } catch let error as TargetError {
      throw .target(error)
    } catch let error as InspectionError {
      throw error
    } catch {
      throw .damagedDescriptor(reason: "\(error)")
    }
  }

  private static func scan(_ target: any Target) throws -> KernelDescriptor {
    var candidates = 0
    var firstFailure: InspectionError?
    for base in bases {
      for first in stride(from: base, to: base + span, by: Int(batch * pageSize)) {
        for address in try magicPages(from: first, in: target) where candidates < candidateLimit {
          candidates += 1
          do {
            return try read(at: address, in: target)
          } catch let error as InspectionError {
            firstFailure = firstFailure ?? error
          }
        }
      }
    }
    let searched = bases.map { "\(hexadecimal($0))..<\(hexadecimal($0 + span))" }.joined(separator: ", ")
    throw firstFailure ?? InspectionError.noDescriptor(searched: searched)
  }

  /// Addresses of the pages of a batch that begin with the magic words.
  private static func magicPages(from first: UInt64, in target: any Target) throws(TargetError) -> [UInt64] {
    let ranges = (0..<batch).map { MemoryRange(address: first + $0 * pageSize, count: 16) }
    return zip(ranges, try target.readPhysical(ranges)).compactMap { range, bytes in
      bytes.flatMap { KernelDescriptor.Header.isMagic($0) ? range.address : nil }
    }
  }

  private static func read(at address: UInt64, in target: any Target) throws -> KernelDescriptor {
    let start = try target.readPhysical(address: address, count: KernelDescriptor.Header.size)
    let header = try KernelDescriptor.Header(start)
    return try KernelDescriptor(bytes: target.readPhysical(address: address, count: header.totalSize))
  }
}

/// `0x` and the digits of `value`, without leading zeros.
package func hexadecimal(_ value: UInt64) -> String {
  "0x" + String(value, radix: 16)
}
