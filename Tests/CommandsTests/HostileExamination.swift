import Commands
import HostileMemory
import TargetLink
import Testing

/// Asks commands of wrong memory, and counts what that takes.
///
/// Of M bytes of memory one command reads at most 4 M bytes, in at most M / 512 pieces asked for in at most M / 1024
/// turns, and says at most 4 M bytes.
final class HostileExamination {
  let target: HostileTarget
  private let bound: ReadCount
  private let answerBound: Int

  private(set) var findings = 0
  private(set) var errors = 0
  private(set) var images = 0
  private var most = ReadCount()
  private var longest = 0

  /// Whatever command there is, except those that end the session; and the two that ask for everything.
  static let lines =
    CommandTable.commands.filter { !["quit", "detach", "dump", "check"].contains($0.name) }.map(\.example)
    + ["caps --json", "domain server", "cnode server", "mappings client-b", "translate server 0x8010600000"]

  init(_ system: HostileSystem) {
    target = system.target()
    let size = system.bytes.count
    bound = ReadCount(calls: size / 1024, ranges: size / 512, bytes: 4 * size)
    answerBound = 4 * size
    target.bound = bound
  }

  var summary: String {
    "\(images) images, \(findings) with findings, \(errors) errors; at most \(most.calls) calls, \(most.ranges) "
      + "ranges, \(most.bytes) bytes read for one command, \(longest) bytes said"
  }

  /// Commands that need a processor, a breakpoint or symbols are refused of any memory.
  let commandsThatNeedMore = 9

  /// Asks for everything, and of the other commands `count` from one that `first` chooses.
  func examine(_ name: String, commandsFrom first: Int, count: Int) {
    images += 1
    target.resetCount()
    let lines = Self.lines
    let others = (0..<min(count, lines.count)).map { lines[(first * 7 + $0) % lines.count] }
    do throws(CommandError) {
      let session = try CommandSession(target: target)
      for line in ["check --json", "dump --json"] + others { ask(line, in: session, name) }
    } catch {
      errors += 1
      #expect(!error.text.isEmpty, "\(name)")
    }
    #expect(!target.isBeyondBound, "\(name), attaching: \(target.reads)")
  }

  private func ask(_ line: String, in session: CommandSession, _ name: String) {
    target.resetCount()
    do throws(CommandError) {
      let answer = try session.run(line: line)
      let text = answer.rendered
      longest = max(longest, text.utf8.count)
      if text.utf8.count > answerBound { Issue.record("\(name), \(line): \(text.utf8.count) bytes") }
      if line == "check --json", answer.alarm != nil { findings += 1 }
    } catch {
      errors += 1
      if error.text.isEmpty { Issue.record("\(name), \(line): no text") }
    }
    most.formMaximum(target.reads)
    if target.isBeyondBound { Issue.record("\(name), \(line): \(target.reads)") }
  }
}
