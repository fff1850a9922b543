import HostileMemory
import Inspection
import TargetLink
import Testing

/// What the engine keeps of wrong memory is bounded by what it read, and what it finds names its place.
@Suite struct HostileSnapshotTests {
  @Test(arguments: 0..<4)
  func `snapshots of wrong memory keep no more than they read`(_ batch: Int) throws {
    let system = try HostileSystem()
    let target = system.target()
    for seed in batch * 250..<(batch + 1) * 250 {
      var mutator = MemoryMutator(target, system.places, seed: UInt64(seed))
      mutator.mutate()
      target.resetCount()
      if let layouts = try? KernelLayouts(DescriptorLocator.locate(in: target)) {
        if let snapshot = try? Snapshot.take(of: target, layouts: layouts, includingTables: true) {
          check(snapshot, bytesRead: target.reads.bytes, "seed \(seed)")
        }
      }
      target.restore()
    }
  }

  private func check(_ snapshot: Snapshot, bytesRead: Int, _ name: String) {
    let records =
      snapshot.slots.count + snapshot.domains.count + snapshot.endpoints.count + snapshot.notifications.count
      + snapshot.tables.count
    // The smallest of them, a slot or an endpoint, has 16 bytes; an entry of the slice vector and an interrupt
    // line are of the kernel's state, which is always there.
    #expect(records <= bytesRead / 16, "\(name)")
    #expect(snapshot.tree.preorder.count <= snapshot.slots.count, "\(name)")
    #expect(snapshot.holders.values.reduce(0) { $0 + $1.count } <= snapshot.slots.count, "\(name)")
    let queued = snapshot.endpoints.values.reduce(0) { $0 + $1.senders.count + $1.receivers.count }
    #expect(queued <= 2 * snapshot.endpoints.count * max(1, snapshot.domains.count), "\(name)")
    let differences = TranslationAudit(snapshot).differences
    #expect(differences.all.count <= 256 && snapshot.findings.count <= 512, "\(name)")
    for finding in snapshot.findings + differences.all.map(\.finding) {
      #expect(!finding.object.isEmpty && !finding.field.isEmpty && !finding.text.isEmpty, "\(name)")
    }
  }
}
