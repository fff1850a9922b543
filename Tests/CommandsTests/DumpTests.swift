import Commands
import Foundation
import KernelImage
import KernelObjects
import TargetLink
import Testing

@Suite struct DumpTests {
  private func dump(_ target: any Target) throws -> String {
    try CommandSession(target: target).run(line: "dump --json").rendered
  }

  @Test func `a dump is the same whichever way the system is read`() throws {
    let image = SmallSystem().image
    let asked = image.target
    asked.descriptor = try asked.readPhysical(address: ImageBuilder.base, count: 0x8000)
    let stopped = FakeProcessor(memory: image.target, readsWhileRunning: true)
    _ = try stopped.interrupt()
    let expected = try dump(image.target)
    #expect(try dump(asked) == expected)
    #expect(try dump(stopped) == expected)
  }

  @Test func `a dump does not show what looking at the system changes`() throws {
    var system = SmallSystem()
    let before = try dump(system.image.target)
    system.image.set(\KernelState.epoch, of: system.image.state, to: 4000)
    #expect(try dump(system.image.target) == before)
  }

  @Test func `a dump shows what changes in the system`() throws {
    var system = SmallSystem()
    let before = try dump(system.image.target)
    system.image.set(\Domain.ticks, of: system.client, to: 9)
    #expect(try dump(system.image.target) != before)
  }

  @Test func `every answer's JSON is read by another reader as what was written`() throws {
    let session = try CommandSession(target: SmallSystem().image.target)
    for line in ["dump", "domains", "domain server", "cap server:3", "tree", "help", "x/4gx -p 0x40008000"] {
      let text = try session.run(line: line + " --json").rendered
      let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
      #expect(value is [String: Any], "\(line)")
    }
  }

  @Test func `each character survives JSON at each place of a string`() throws {
    for code in UInt8(0)..<0x80 {
      let character = String(Unicode.Scalar(code))
      let strings = (0..<19).map { place in
        String(repeating: "a", count: place) + character + String(repeating: "é", count: (18 - place) / 2)
      }
      let text = JSONValue.array(strings.map(JSONValue.string)).text
      #expect(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String] == strings, "\(code)")
    }
  }

  @Test(arguments: ["\"", "\\", "\n", "\u{1}", "é", "\u{7f}", "a\u{2028}b", "𝄞"])
  func `strings survive JSON`(_ string: String) throws {
    let text = JSONValue.array([.string(string)]).text
    #expect(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String] == [string])
  }

  @Test func `a kernel stopped amid a change is said to be`() throws {
    var system = SmallSystem()
    system.image.set(\KernelState.epoch, of: system.image.state, to: 43)
    let stopped = FakeProcessor(memory: system.image.target, readsWhileRunning: true)
    _ = try stopped.interrupt()
    let answer = try CommandSession(target: stopped).run(line: "domains")
    #expect(answer.notes.contains { $0.contains("epoch 43") })
  }

  @Test func `a system that changes while it is read is said to be torn`() throws {
    let target = ChangingTarget(memory: SmallSystem().image)
    let answer = try CommandSession(target: target).run(line: "domains --json")
    #expect(answer.rendered.contains("\"consistency\": \"torn\""))
  }
}

/// Memory in which the epoch moves with each read.
private final class ChangingTarget: Target {
  let wayIn = "changing"
  let capabilities: TargetCapabilities = [.readsWhileRunning]
  let state = RunState.running
  var directMapOffset: UInt64 = 0
  var onConsoleText: (([UInt8]) -> Void)?
  private var image: ImageBuilder
  private var epoch: UInt64 = 100

  init(memory: ImageBuilder) { image = memory }

  func readPhysical(_ ranges: [MemoryRange]) throws(TargetError) -> [[UInt8]?] {
    epoch += 2
    image.set(\KernelState.epoch, of: image.state, to: epoch)
    return try image.target.readPhysical(ranges)
  }

  func detach(keepingStop: Bool) {}
}
