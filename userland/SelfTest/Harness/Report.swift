internal import KernelObjects
internal import LibVesper
internal import RootSupport

/// Prints the results of cases in the Test Anything Protocol (testanything.org, version 13).
struct Report {
  private let console = Console(debug: DebugCapability(BootInfo.RootSlot.debug.pointer), name: nil)
  private var count: UInt64 = 0
  private var failures: UInt64 = 0

  init() { console.print("TAP version 13") }

  mutating func add(_ name: StaticString, _ failure: Failure?) {
    count += 1
    guard let failure else { return console.print("ok \(count) - \(name)") }
    failures += 1
    console.print("not ok \(count) - \(name)")
    console.print("# \(failure.file):\(failure.line): \(failure.what)")
    console.print("# expected \(failure.expected.text)")
    console.print("# seen \(failure.seen.text)")
  }

  /// A line that is not a result.
  func note(_ text: ConsoleText) { console.print("# \(text)") }

  /// The plan, and the line that tells whoever started the machine that nothing more comes.
  func end() {
    console.print("1..\(count)")
    console.print("# \(failures) failed")
    console.print("# done")
  }
}

/// The first thing in a case that was not as it should be.
struct Failure {
  var what: StaticString
  var expected: Observation
  var seen: Observation
  var file: StaticString
  var line: UInt64
}

/// A number, or the end of a system call.
enum Observation {
  case number(UInt64)
  case success(label: UInt64)
  case outcome(status: UInt64, argument: UInt64, detail: UInt64)

  var text: ConsoleText {
    switch self {
    case .number(let number): return "\(hexadecimal: number)"
    case .success(let label): return "success of the message labelled \(hexadecimal: label)"
    case .outcome(let status, let argument, let detail):
      let name = Status(rawValue: status)?.name ?? "unknown-status"
      return "\(name), argument \(argument), detail \(hexadecimal: detail)"
    }
  }
}
