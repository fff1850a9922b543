import Commands
import KernelImage
import TargetLink
import TestSupport
import Testing

/// Whatever is in the target's memory, every command ends, with an answer or an error.
@Suite struct HostileImageTests {
  /// Of each image all of this is asked.
  private static let lines = ["dump --json", "findings", "tree", "cap server:3", "mappings 1", "irqs"]

  @Test(arguments: 0..<20)
  func `a hundred images with wrong words each give bounded answers`(_ seed: Int) throws {
    var generator = SplitMix64(seed: UInt64(seed))
    let system = SmallSystem()
    let descriptor = try system.image.target.readPhysical(address: ImageBuilder.base, count: 0x8000)
    for _ in 0..<100 {
      var image = system.image
      for _ in 0..<Int.random(in: 1...6, using: &generator) { image.spoilWord(using: &generator) }
      let target = image.target
      target.descriptor = descriptor
      Self.checkAnswers(from: target)
    }
  }

  @Test(arguments: 0..<4)
  func `descriptors with wrong bytes are refused or give bounded answers`(_ seed: Int) throws {
    var generator = SplitMix64(seed: UInt64(seed))
    let system = SmallSystem()
    for _ in 0..<50 {
      var image = system.image
      image.spoilDescriptor(using: &generator)
      Self.checkAnswers(from: image.target)
    }
  }

  @Test func `tables that name each other do not multiply without bound`() throws {
    var system = SmallSystem()
    for index in UInt64(0)..<512 {
      for table in system.tables[0..<3] { system.image.store(system.tables[1] | 3, at: table + index * 8) }
    }
    let session = try CommandSession(target: system.image.target)
    let answer = try session.run(line: "mappings server")
    #expect(answer.notes.contains { $0.contains("the rest is left out") })
  }

  private static func checkAnswers(from target: InMemoryTarget) {
    do throws(CommandError) {
      let session = try CommandSession(target: target)
      for line in lines {
        do throws(CommandError) {
          // A megabyte of memory has a few hundred slots' worth of anything to say.
          #expect(try session.run(line: line).rendered.utf8.count < 16 << 20)
        } catch {
          #expect(!error.text.isEmpty)
        }
      }
    } catch {
      #expect(!error.text.isEmpty)
    }
  }
}
