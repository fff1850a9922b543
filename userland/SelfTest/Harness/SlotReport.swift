internal import LibVesper

/// What a domain's slots were like, as it saw them by the clock: three words at an address.
struct SlotReport {
  /// Timer counts: the shortest slot, and the longest time in between.
  let shortest, longestGap: UInt64

  init(at address: UInt64) {
    shortest = Memory.read(address)
    longestGap = Memory.read(address + 8)
  }

  /// A tick alone takes the kernel more than so many counts, and nothing else interrupts.
  private static let noise: UInt64 = 10

  /// Timer counts of a slot: 10 ms.
  static var length: UInt64 { Processor.timeFrequency / 100 }

  /// Watches the clock until so many slots have passed between two gaps; the first, which had begun, is not one.
  static func write(slots: UInt64, to address: UInt64) {
    var shortest = UInt64.max
    var longestGap: UInt64 = 0
    var seen: UInt64 = 0
    var last = Processor.time
    var start: UInt64 = 0
    while seen < slots {
      let now = Processor.time
      if now - last > noise {
        if start != 0 {
          shortest = min(shortest, last - start)
          seen += 1
        }
        longestGap = max(longestGap, now - last)
        start = now
      }
      last = now
    }
    Memory.write(shortest, at: address)
    Memory.write(longestGap, at: address + 8)
  }
}
