import Commands
import Foundation
import HostileMemory
import Inspection
import KernelObjects
import TargetLink
import Testing

/// A debugger reads kernels of other builds than its own: older ones, and such as there is none of yet.
///
/// `VESPER_RECORD_CORE=NAME=unix:PATH` records a running system at its serial socket as `Cores/NAME.core`, with what is
/// to be dumped of it.
@Suite struct OtherBuildTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Cores")

  private static func dump(_ target: any Target) throws -> String {
    try CommandSession(target: target).render("dump").text.string
  }

  @Test(.enabled(if: ProcessInfo.processInfo.environment["VESPER_RECORD_CORE"] != nil))
  func `a running system is recorded`() throws {
    let words = (ProcessInfo.processInfo.environment["VESPER_RECORD_CORE"] ?? "").split(separator: "=unix:")
    let serial = try SerialStubTarget.attach(to: .unixSocket(String(words[1])))
    defer { serial.detach() }
    try serial.interrupt()
    let target = RecordingTarget(serial)
    let dump = try Self.dump(target)
    let file = Self.folder.appendingPathComponent(String(words[0]))
    try target.core.data.write(to: file.appendingPathExtension("core"))
    try dump.write(to: file.appendingPathExtension("txt"), atomically: true, encoding: .utf8)
  }

  @Test(arguments: ["first-path", "described-translation"])
  func `a kernel of an older build is dumped as it was then`(_ name: String) throws {
    let file = Self.folder.appendingPathComponent(name)
    let core = SmallCore(try Data(contentsOf: file.appendingPathExtension("core")))
    let expected = try String(contentsOf: file.appendingPathExtension("txt"), encoding: .utf8)
    let dump = try Self.dump(core.target)
    if ProcessInfo.processInfo.environment["VESPER_RECORD_SESSIONS"] == "1" {
      try dump.write(to: file.appendingPathExtension("txt"), atomically: true, encoding: .utf8)
    } else {
      #expect(dump == expected)
    }
    #expect(dump.contains("client-b") && !dump.contains("note:"))
  }

  @Test(arguments: [1, 2] as [UInt32])
  func `a kernel with other layouts, more fields and unknown lines is dumped as the usual one`(
    version: UInt32
  ) throws {
    let system = try HostileSystem()
    let target = system.target()
    let usual = try Self.dump(target)
    let snapshot = try Snapshot.take(of: target, layouts: KernelLayouts(DescriptorLocator.locate(in: target)))
    var rearrangement = Rearrangement(target)
    rearrangement.rearrange(snapshot)
    let unusual = InMemoryTarget(image: [target.base: target.bytes])
    unusual.descriptor = rearrangement.descriptor(version: version)
    #expect(target.bytes != system.bytes)
    #expect(try Self.dump(unusual) == usual)
  }

  @Test func `a type of capability that only the kernel knows is shown by its name`() throws {
    let system = try HostileSystem()
    let target = system.target()
    let snapshot = try Snapshot.take(of: target, layouts: KernelLayouts(DescriptorLocator.locate(in: target)))
    let slot = try #require(
      snapshot.slots.records.first { $0.capability.kind == .notification && $0.child == 0 })
    let index = target.index(of: slot.address)
    target.set(index, to: Capability.typeField.write(30, into: target.word(index)))
    var rearrangement = Rearrangement(target)
    rearrangement.lines.insert("value CapabilityType 1e teleporter", at: 1)
    let later = InMemoryTarget(image: [target.base: target.bytes])
    later.descriptor = rearrangement.descriptor()
    let session = try CommandSession(target: later)
    #expect(try session.render("caps teleporter").text.string.contains("teleporter"))
    #expect(try session.render("findings").text.string == "nothing contradicts itself")
  }
}
