internal import CLibC
internal import Glibc
internal import SystemPackage

/// The memory of another process of this machine, read without stopping it (process_vm_readv(2)).
struct ProcessMemory {
  let processID: Int32

  /// What Linux takes in one call (UIO_MAXIOV).
  private static let mostRanges = 1024
  /// In bytes, so that a wave of large tables does not need their size twice.
  private static let largestBatch = 4 << 20
  /// In bytes. A call of its own takes less than to copy so much out of what one for several brings.
  private static let large = 16 << 10

  /// Reads ranges of the process's address space; `nil` for one that is not all mapped.
  func read(_ ranges: [MemoryRange]) throws(TargetError) -> [[UInt8]?] {
    var results: [[UInt8]?] = []
    results.reserveCapacity(ranges.count)
    var rest = ranges[...]
    while !rest.isEmpty {
      let batch = rest.prefix(Self.batchSize(of: rest))
      results += try read(batch: batch)
      rest = rest.dropFirst(batch.count)
    }
    return results
  }

  /// How many of the ranges are read by one call: at least one.
  private static func batchSize(of ranges: ArraySlice<MemoryRange>) -> Int {
    var bytes = 0
    var count = 0
    for range in ranges.prefix(mostRanges) {
      bytes += range.count
      if count > 0, bytes > largestBatch || range.count >= large { break }
      count += 1
      if range.count >= large { break }
    }
    return count
  }

  /// A call ends within the first range that cannot be read; those behind it are asked for again.
  private func read(batch: ArraySlice<MemoryRange>) throws(TargetError) -> [[UInt8]?] {
    if let only = batch.first, batch.count == 1 {
      let bytes = try transfer(batch)
      return [bytes.count == only.count ? bytes : nil]
    }
    var results: [[UInt8]?] = []
    var rest = batch
    while !rest.isEmpty {
      var bytes = try transfer(rest)[...]
      while let range = rest.first, range.count <= bytes.count {
        results.append(Array(bytes.prefix(range.count)))
        bytes = bytes.dropFirst(range.count)
        rest = rest.dropFirst()
      }
      guard !rest.isEmpty else { break }
      results.append(nil)
      rest = rest.dropFirst()
    }
    return results
  }

  /// The bytes of the ranges up to the first that cannot be read.
  private func transfer(_ ranges: ArraySlice<MemoryRange>) throws(TargetError) -> [UInt8] {
    let size = ranges.reduce(0) { $0 + $1.count }
    guard size > 0 else { return [] }
    let remote = ranges.map {
      iovec(iov_base: UnsafeMutableRawPointer(bitPattern: UInt($0.address)), iov_len: $0.count)
    }
    var error: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = 0
      guard let start = buffer.baseAddress else { return }
      let result = vesper_process_vm_readv(processID, start, size, remote, UInt(remote.count))
      if result < 0 { error = errno } else { count = result }
    }
    switch Errno(rawValue: error) {
    case Errno(rawValue: 0), .badAddress: return bytes
    case .noSuchProcess: throw .closed(during: "reading memory")
    case .notPermitted: throw .notPermitted(processID: processID, reason: ProcessAccess.refusal(processID))
    case let other: throw .inputOutput(during: "reading memory", other)
    }
  }
}

/// Why a process may not be looked at.
enum ProcessAccess {
  /// What keeps this user from reading the memory of a process, and what to do (ptrace(2), PTRACE_MODE_ATTACH).
  static func refusal(_ processID: Int32) -> String {
    refusal(
      ofUser: owner(of: processID), to: geteuid(),
      scope: readFile("/proc/sys/kernel/yama/ptrace_scope", atMost: 16)?.first)
  }

  /// As ``refusal(_:)``, from what it depends on.
  ///
  /// - Parameters:
  ///   - owner: whom the process belongs to; nil if that is not known.
  ///   - user: who wants to read it.
  ///   - scope: the digit of Yama's `ptrace_scope`; nil without Yama.
  /// - Returns: a sentence without its end.
  static func refusal(ofUser owner: uid_t?, to user: uid_t, scope: UInt8?) -> String {
    if let owner, owner != user {
      return "it belongs to \(name(ofUser: owner)); run vesper as that user"
    }
    if let scope, scope != UInt8(ascii: "0") {
      return "kernel.yama.ptrace_scope is \(Character(Unicode.Scalar(scope))); set it to 0 "
        + "(`sysctl kernel.yama.ptrace_scope=0`), or start the QEMU with a memory backend that has share=on"
    }
    return "the kernel forbids it; the QEMU may have more privileges than you, or be set not to be dumped"
  }

  static func owner(of processID: Int32) -> uid_t? {
    var information = stat()
    return stat("/proc/\(processID)", &information) == 0 ? information.st_uid : nil
  }

  private static func name(ofUser user: uid_t) -> String {
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    // getpwuid(3) has one buffer for all threads.
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { texts in
      guard let start = texts.baseAddress, getpwuid_r(user, &entry, start, texts.count, &found) == 0,
        found != nil, let name = entry.pw_name
      else { return "user \(user)" }
      return "user \(String(cString: name))"
    }
  }
}
