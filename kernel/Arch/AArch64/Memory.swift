internal import KernelBoot

/// Zeroes memory, by whole cache lines where it can.
///
/// - Parameters:
///   - physical: any address of RAM.
///   - count: bytes.
public func zeroMemory(at physical: UInt64, count: UInt64) {
  var address = DirectMap.virtualAddress(physical)
  // DCZID_EL0.BS is log2 of the block in words; a block is at most 2 KiB (Arm ARM, D17.2.40).
  let block = UInt64(4) &<< (arm_read_dczid_el0() & 15)
  guard (physical | count) & (block &- 1) == 0 else {
    // It zeroes whole blocks only. Safety: the caller owns these bytes, and all RAM is in the direct map.
    unsafe UnsafeMutableRawPointer(bitPattern: UInt(address))?
      .initializeMemory(as: UInt8.self, repeating: 0, count: Int(count))
    return
  }
  let end = address &+ count
  while address != end {
    arm_dc_zva(address)
    address &+= block
  }
}

/// Makes instructions that were written to the range visible to instruction fetch (Arm ARM, B2.4.4).
///
/// - Parameters:
///   - address: virtual, readable.
///   - count: bytes.
public func synchronizeInstructions(at address: UInt64, count: UInt64) {
  // CTR_EL0's DminLine and IminLine are log2 of a line in words.
  let cacheType = arm_read_ctr_el0()
  let end = address &+ count
  forEachLine(of: UInt64(4) &<< (cacheType >> 16 & 15), from: address, to: end) { arm_dc_cvau($0) }
  arm_dsb_ish()
  forEachLine(of: UInt64(4) &<< (cacheType & 15), from: address, to: end) { arm_ic_ivau($0) }
  arm_dsb_ish()
  arm_isb()
}

@inline(__always)
private func forEachLine(of size: UInt64, from start: UInt64, to end: UInt64, _ body: (UInt64) -> Void) {
  var address = start & ~(size &- 1)
  while address < end {
    body(address)
    address &+= size
  }
}
