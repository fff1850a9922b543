internal import KernelObjects
internal import LibVesper
internal import RootSupport

/// A root domain that makes 100,000 capabilities and then rests: for measuring how fast a debugger reads them.
/// Argument: virtual address of `BootInfo`.
@main
struct Crowd {
  private static let radix: UInt64 = 12
  private static let cnodeCount: UInt64 = 25
  /// In each CNode, so that some of its slots are empty.
  private static let capabilityCount: UInt64 = 4000

  static func main() {
    let program = Program(name: "crowd")
    let bootInfo = unsafe program.bootInfo()
    do {
      var allocator = try unsafe ObjectAllocator(bootInfo.pointee)
      for _ in 0..<cnodeCount { try fill(&allocator) }
      program.console.print("\(cnodeCount * capabilityCount) capabilities")
    } catch {
      program.stop(at: "crowd", error)
    }
    program.stop()
  }

  /// Fills a CNode with capabilities to objects of its own, all of them derived from the root domain's.
  private static func fill(_ allocator: inout ObjectAllocator) throws(Refusal) {
    let cnode = CNodeCapability(try allocator.objects(.cnode, sizeBits: radix))
    let endpoint = allocator.slot(of: try allocator.endpoint().pointer)
    let notification = allocator.slot(of: try allocator.notification().pointer)
    let frame = allocator.slot(of: try allocator.objects(.frame))
    for index in 0..<capabilityCount {
      switch index % 4 {
      case 0: try cnode.copy(to: index, from: frame, rights: .read)
      case 1: try cnode.mint(to: index, from: notification, badge: index)
      default: try cnode.mint(to: index, from: endpoint, badge: index)
      }
    }
  }
}
