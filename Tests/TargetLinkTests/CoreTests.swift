import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import TargetLink

/// Core files: what was written is read, and what is wrong in one is said.
struct CoreTests {
  private static let base: UInt64 = 0x4000_0000
  /// A system of two ranges, one of them mostly zeros.
  private static let image: [UInt64: [UInt8]] = [
    base: Array(repeating: 0, count: 40_000) + (0..<60_000).map { UInt8(truncatingIfNeeded: $0 &* 7) },
    0x8000_0000: Array("the second range".utf8),
  ]
  private static let registers = ELFCore.registerNames.enumerated().map {
    RegisterValue(name: $1, bitWidth: ELFCore.bitWidth(ofRegister: $1), value: UInt64($0) + 0x100)
  }

  /// A folder that is removed with its files.
  private final class Folder {
    let path = "/tmp/vesper-test-\(UUID().uuidString)"

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }
  }

  private var ranges: [MemoryRange] {
    Self.image.map { MemoryRange(address: $0, count: $1.count) }
  }

  @discardableResult
  private func save(_ path: String) throws -> CoreWriter.Outcome {
    let target = InMemoryTarget(image: Self.image)
    return try CoreWriter(target: target, ranges: ranges, registers: Self.registers)
      .write(to: path) { _, _ in true }
  }

  private func expectWhole(_ path: String) throws {
    let target = try TargetSpecification.core(path).attach()
    #expect(target.defects.isEmpty)
    #expect(target.memoryRanges == ranges.sorted { $0.address < $1.address })
    for (address, bytes) in Self.image {
      #expect(try target.readPhysical(address: address, count: bytes.count) == bytes)
    }
    #expect(try target.readRegisters() == Self.registers)
    let outside = [
      MemoryRange(address: Self.base - 1, count: 2), MemoryRange(address: 0x8000_000f, count: 2),
      MemoryRange(address: .max, count: 2), MemoryRange(address: 0, count: 1),
      MemoryRange(address: Self.base, count: -1), MemoryRange(address: Self.base, count: .max),
    ]
    #expect(try target.readPhysical(outside).allSatisfy { $0 == nil })
  }

  @Test(arguments: ["core", "core.gz", "core.zst"])
  func `what was saved is read back, and nothing beside it`(name: String) throws {
    let folder = try Folder()
    let path = "\(folder.path)/\(name)"
    #expect(try save(path).size == 100_016)
    #expect(folder.names == [name])
    try expectWhole(path)
  }

  @Test(arguments: [("gzip", "gz"), ("zstd", "zst")])
  func `what the tools compress is read, also in several pieces`(tool: String, suffix: String) throws {
    let folder = try Folder()
    try save("\(folder.path)/core")
    let script = """
      cd \(folder.path) && head -c 5000 core | \(tool) -c >whole.\(suffix) && tail -c +5001 core | \(tool) -c >>whole.\(suffix)
      """
    let shell = try Process.run(URL(fileURLWithPath: "/bin/sh"), arguments: ["-c", script])
    shell.waitUntilExit()
    try #require(shell.terminationStatus == 0)
    try expectWhole("\(folder.path)/whole.\(suffix)")
  }

  @Test(arguments: ["core", "core.gz", "core.zst"])
  func `a core that is cut anywhere is refused, or says what is missing`(name: String) throws {
    let folder = try Folder()
    let path = "\(folder.path)/\(name)"
    try save(path)
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    for size in [0, 1, 10, 63, 64, 200, 4096, whole.count / 2, whole.count - 1] where size < whole.count {
      try whole.prefix(size).write(to: URL(fileURLWithPath: path))
      do {
        let target = try TargetSpecification.core(path).attach()
        #expect(!target.defects.isEmpty, "\(size) bytes")
        _ = try target.readPhysical(ranges)
      } catch {
        #expect(error.description.contains(path), "\(error)")
      }
    }
  }

  @Test func `headers with wrong bytes are refused or bounded`() throws {
    let folder = try Folder()
    let path = "\(folder.path)/core"
    try save(path)
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    var generator = SplitMix64(seed: 5)
    for _ in 0..<500 {
      var spoiled = whole
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        spoiled[Int.random(in: 0..<700, using: &generator)] =
          [0, 1, 0x7f, 0x80, 0xff, .random(in: 0 ... .max, using: &generator)]
          .randomElement(using: &generator) ?? 0
      }
      try spoiled.write(to: URL(fileURLWithPath: path))
      guard let target = try? TargetSpecification.core(path).attach() else { continue }
      let answers = try target.readPhysical(ranges + (target.memoryRanges ?? []))
      #expect(answers.allSatisfy { ($0?.count ?? 0) <= whole.count })
    }
  }

  @Test(arguments: [
    ("KDUMP   " + String(repeating: "\0", count: 60), "kdump"), ("hello", "no ELF file"), ("", "no ELF file"),
    ("\u{7f}ELF\u{1}\u{1}" + String(repeating: "\0", count: 60), "64 bits"),
  ])
  func `what is no core is named`(content: String, problem: String) throws {
    let folder = try Folder()
    let path = "\(folder.path)/core"
    try content.write(toFile: path, atomically: true, encoding: .utf8)
    let error = #expect(throws: TargetError.self) { try TargetSpecification.core(path).attach() }
    #expect(error?.description.contains(problem) == true, "\(String(describing: error))")
  }

  @Test func `a folder or a device is no core, and nothing is written in their place`() throws {
    for path in ["/tmp", "/dev/null"] {
      #expect(throws: TargetError.unusableFile(path: path, reason: "it is no regular file")) {
        try TargetSpecification.core(path).attach()
      }
      #expect(throws: CoreWriter.Failure.file(path: path, reason: "it is no regular file")) { try save(path) }
    }
    #expect(throws: CoreWriter.Failure.self) { try save("/nowhere/core") }
    #expect(throws: TargetError.noSuchFile(path: "/nowhere/core", .noSuchFileOrDirectory)) {
      try TargetSpecification.core("/nowhere/core").attach()
    }
  }

  @Test func `nothing is left of a file that was not finished, and an older one stays`() throws {
    let folder = try Folder()
    let path = "\(folder.path)/core"
    try "older".write(toFile: path, atomically: true, encoding: .utf8)
    let target = InMemoryTarget(image: Self.image)
    #expect(throws: CoreWriter.Failure.interrupted) {
      try CoreWriter(target: target, ranges: ranges).write(to: path) { done, _ in done == 0 }
    }
    #expect(folder.names == ["core"])
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "older")
  }

  @Test func `what cannot be read is zeros, and is counted`() throws {
    let folder = try Folder()
    let target = InMemoryTarget(image: [Self.base: Array(repeating: 7, count: 4096)])
    let outcome = try CoreWriter(target: target, ranges: [MemoryRange(address: Self.base, count: 8192)])
      .write(to: "\(folder.path)/core") { _, _ in true }
    #expect(outcome == CoreWriter.Outcome(size: 8192, missing: 4096))
    let read = try TargetSpecification.core("\(folder.path)/core").attach()
    #expect(try read.readPhysical(address: Self.base + 4096, count: 4096).allSatisfy { $0 == 0 })
  }
}
