internal import Glibc
internal import KernelCore
internal import KernelObjects

/// A machine that has memory and a record of what it was told.
package final class HostMachine: MachineInterface {
  package private(set) var console: [UInt8] = []
  package private(set) var masked: Set<UInt64> = []
  package private(set) var activeRoot: UInt64 = 0
  package var translations = TranslationCache()
  package private(set) var isFloatingPointAllowed = false
  /// The processor's floating-point registers, in the order of `FloatingPointState`.
  package var floatingPoint = [UInt64](repeating: 0, count: FloatingPointState.registers.count)
  /// How much a kernel entry may do of a long operation.
  package var workLimit: UInt64 = .max
  /// Its clock, which only tests advance, and when it wants to be interrupted.
  package var now: UInt64 = 1000
  package private(set) var deadline: UInt64?
  package static let tickCounts: UInt64 = 625_000
  package var tickCounts: UInt64 { Self.tickCounts }

  package init() {}

  /// The console's text since the last time.
  package func takeConsole() -> [UInt8] {
    defer { console.removeAll(keepingCapacity: true) }
    return console
  }

  package func zero(_ address: UInt64, count: UInt64) {
    precondition((address | count) % 32 == 0 && count > 0, "more than the machine promises is asked")
    guard let start = UnsafeMutableRawPointer(bitPattern: UInt(address)) else { return }
    memset(start, 0, Int(count))
  }

  package func publishDescriptors() {}
  package func invalidatePage(virtual: UInt64) { translations.forget(page: virtual) }
  package func invalidate(asid: UInt64) { translations.forget(asid: asid) }
  package func synchronizeInstructions(_ address: UInt64, count: UInt64) {}
  package func activate(root: UInt64, asid: UInt64) {
    activeRoot = root
    translations.activate(root: root, asid: asid)
  }
  package func allowFloatingPoint() { isFloatingPointAllowed = true }
  package func trapFloatingPoint() { isFloatingPointAllowed = false }

  package func saveFloatingPoint(to address: UInt64) {
    precondition(isFloatingPointAllowed)
    for (index, word) in floatingPoint.enumerated() {
      Reference<UInt64>(address)[UInt64(index)].object = word
    }
  }

  package func loadFloatingPoint(from address: UInt64) {
    precondition(isFloatingPointAllowed)
    for index in floatingPoint.indices {
      floatingPoint[index] = Reference<UInt64>(address)[UInt64(index)].object
    }
  }

  package func configure(irq: UInt64, isEdge: Bool) {}
  package func mask(irq: UInt64) { masked.insert(irq) }
  package func unmask(irq: UInt64) { masked.remove(irq) }
  package func interrupt(at deadline: UInt64) { self.deadline = deadline }
  package func startTick() {}
  package func stopTick() { deadline = nil }
  package func putChar(_ byte: UInt8) { console.append(byte) }
}
