import Commands
import Foundation
import HostileMemory
import KernelImage
import TargetLink
import Testing

/// Whatever is in the target's memory, every command ends, with an answer or an error, within a bound that is counted.
///
/// The seed of an image is its number. `VESPER_HOSTILE_SEED=N` asks everything of that one image alone.
@Suite struct HostileImageTests {
  private static let environment = ProcessInfo.processInfo.environment
  /// Images of all batches together.
  private static let count = environment["VESPER_TEST_LONG"] == "1" ? 1_000_000 : 20_000
  private static let batches = 20

  @Test(arguments: 0..<batches)
  func `of images with wrong memory every command gives a bounded answer`(_ batch: Int) throws {
    let size = Self.count / Self.batches
    var seeds = batch * size..<(batch + 1) * size
    if let seed = Self.environment["VESPER_HOSTILE_SEED"].flatMap({ Int($0) }) {
      guard batch == 0 else { return }
      seeds = seed..<seed + 1
    }
    // A crash leaves this as the last that was said.
    print("hostile images, seeds \(seeds)")
    let system = try HostileSystem()
    let examination = HostileExamination(system)
    for seed in seeds {
      var mutator = MemoryMutator(examination.target, system.places, seed: UInt64(seed))
      mutator.mutate()
      examination.examine("seed \(seed)", commandsFrom: seed, count: seeds.count == 1 ? .max : 4)
      examination.target.restore()
    }
    print("hostile images, seeds \(seeds): \(examination.summary)")
    // Images that nothing is found in would prove nothing.
    #expect(examination.findings > seeds.count / 2, "\(examination.summary)")
  }

  @Test(arguments: 0..<8)
  func `a descriptor that lies in any number of any line is refused or gives bounded answers`(_ part: Int)
    throws
  {
    let system = try HostileSystem()
    let examination = HostileExamination(system)
    let lines = String(decoding: examination.target.descriptorBody, as: UTF8.self).split(separator: "\n").map(
      String.init)
    let lies = [
      "0", "1", "2", "3", "7", "20", "3f", "40", "1000", "ffff", "ffffffff", "7fffffffffffffff",
      "ffffffffffffffff",
    ]
    for number in lines.indices where number % 8 == part {
      for changed in lies.flatMap({ lying($0, in: lines[number]) }) {
        var text = lines
        text[number] = changed
        // Without one of the values there is room for longer numbers.
        examination.target.replaceDescriptor(
          Array(text.filter { $0 != " 4 undefined-instruction" }.joined(separator: "\n").utf8))
        examination.examine("`\(changed)`", commandsFrom: number, count: 3)
        examination.target.restore()
      }
    }
  }

  /// The line with each of its numbers replaced; also by a size, and an offset, that it does not tell.
  private func lying(_ lie: String, in line: String) -> [String] {
    let words = line.split(separator: " ").map(String.init)
    let indentation = line.hasPrefix(" ") ? " " : ""
    var changed = words.indices.filter { UInt64(words[$0], radix: 16) != nil }.map { index in
      words.enumerated().map { $0.offset == index ? lie : $0.element }
    }
    if !indentation.isEmpty, words.count == 1 { changed += [words + [lie], words + ["8", lie]] }
    if !indentation.isEmpty, words.count == 2 { changed.append(words + [lie]) }
    return changed.map { indentation + $0.joined(separator: " ") }
  }

  @Test func `memory that ends anywhere gives bounded answers`() throws {
    let system = try HostileSystem()
    let examination = HostileExamination(system)
    for count in stride(from: 0, through: system.bytes.count, by: 4096 + 8) {
      examination.target.visibleCount = count
      examination.examine("\(count) bytes", commandsFrom: count / 4096, count: 2)
      examination.target.restore()
    }
  }

  @Test func `sound memory is answered by every command without a finding`() throws {
    let examination = HostileExamination(try HostileSystem())
    examination.examine("sound", commandsFrom: 0, count: .max)
    #expect(examination.findings == 0)
    #expect(examination.errors == examination.commandsThatNeedMore, "\(examination.summary)")
  }

  @Test func `tables that name each other do not multiply without bound`() throws {
    var system = SmallSystem()
    for index in UInt64(0)..<512 {
      for table in system.tables[0..<3] { system.image.store(system.tables[1] | 3, at: table + index * 8) }
    }
    let session = try CommandSession(target: system.image.target)
    let answer = try session.run(line: "mappings server")
    #expect(answer.notes.contains { $0.contains("not followed") })
  }
}
