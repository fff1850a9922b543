package import Inspection
package import TargetLink

/// A target being inspected: the kernel's layouts, what was last read, and what the user set.
package final class CommandSession {
  package let target: any Target
  package let layouts: KernelLayouts
  /// Told of the work on an answer; whoever sets its question can end it.
  package let meter = WorkMeter()
  /// Most commands need no symbols, so the kernel's ELF file is not read before one does.
  private lazy var symbolFile: (table: SymbolTable?, whyNone: String) =
    Self.symbols(of: kernelFile(), for: layouts.descriptor)
  private let kernelFile: () -> [UInt8]?
  /// `quit` or `detach` was given.
  package internal(set) var isFinished = false
  package internal(set) var breakpoints: [Breakpoint] = []
  var nextBreakpoint = 1
  /// `--stop` was given with the line being run.
  private var stopsToRead = false
  private var cache: Snapshot?

  /// Finds the kernel in the target.
  ///
  /// `kernelFile` reads the content of the kernel's ELF file; without it there are no symbols.
  package init(
    target: any Target, kernelFile: @escaping () -> [UInt8]? = { nil }
  ) throws(CommandError) {
    self.target = target
    do throws(InspectionError) {
      layouts = try KernelLayouts(try DescriptorLocator.locate(in: target))
    } catch {
      throw CommandError(error)
    }
    self.kernelFile = kernelFile
    target.directMapOffset = layouts.constants.directMapOffset
  }

  /// The symbols of a file, unless it is of another build than the kernel that runs.
  private static func symbols(of file: [UInt8]?, for kernel: KernelDescriptor) -> (SymbolTable?, String) {
    guard let file else { return (nil, "the kernel's ELF file was not found; name it with --kernel FILE") }
    if let running = UInt64(kernel.build, radix: 16), let build = BuildID.find(in: file), build != running {
      let other = String(build, radix: 16)
      return (nil, "the ELF file is of build \(other), and the kernel of build \(kernel.build)")
    }
    guard let symbols = SymbolTable(elf: file) else { return (nil, "the kernel's ELF file has none") }
    return (symbols, "")
  }

  /// The symbols of the kernel's ELF file, if there is one and it is of the same build.
  package var symbols: SymbolTable? { symbolFile.table }
  /// Why there are no symbols; empty if there are.
  var symbolsMissing: String { symbolFile.whyNone }

  package var kernelName: String { layouts.descriptor.kernelName }

  /// Runs one line; an empty one, or a comment after `#`, has an empty answer.
  package func run(line: String) throws(CommandError) -> Answer {
    var words = try LineSplitter.split(line).words
    guard let first = words.first, !first.hasPrefix("#") else { return Answer() }
    words.removeFirst()
    // gdb's spelling: the format follows the command without a blank.
    let head = first.split(separator: "/", maxSplits: 1).map(String.init)
    if head.count == 2 { words.insert("/" + head[1], at: 0) }
    let command = try CommandTable.find(head.first ?? first)
    let arguments = try Arguments(words, accepting: command.options, of: command.name)
    guard command.wordCount.contains(arguments.words.count) else {
      throw CommandError(.usage, "usage: \(command.synopsis); see `help \(command.name)`")
    }
    stopsToRead = arguments.wantsStop
    defer { stopsToRead = false }
    meter.reset()
    var answer = try command.run(self, arguments)
    answer.wantsJSON = arguments.wantsJSON
    try checkInterruption()
    return answer
  }
}

extension CommandSession {
  /// The answer to a line as it is to be printed, in JSON if that is asked for.
  package func render(_ line: String, asJSON: Bool = false) throws(CommandError) -> (
    text: AnswerText, alarm: String?
  ) {
    var answer = try run(line: line)
    if asJSON { answer.wantsJSON = true }
    meter.begin(.showing)
    let text = answer.rendered(meter)
    try checkInterruption()
    return (text, answer.alarm)
  }

  /// What was left unfinished is not kept.
  private func checkInterruption() throws(CommandError) {
    guard meter.isStopped else { return }
    forgetSnapshot()
    throw CommandError(TargetError.interrupted)
  }

  /// All objects as they are now; read again only if they may have changed since.
  func snapshot(includingTables: Bool = false) throws(CommandError) -> Snapshot {
    let snapshot = try read { [cache, layouts, target, meter] () throws(TargetError) in
      if let cache, !includingTables || cache.includesTables, try cache.isCurrent(in: target) { return cache }
      return try Snapshot.take(of: target, layouts: layouts, includingTables: includingTables, meter: meter)
    }
    cache = snapshot
    return snapshot
  }

  /// What was last read, however old: for completion.
  var lastSnapshot: Snapshot? { cache }

  /// To be called whenever the target runs or is written to.
  func forgetSnapshot() { cache = nil }

  /// Does what reads memory. A target is stopped meanwhile if it cannot be read while it runs, or if the user
  /// asked for that.
  func read<Result>(
    stopping: Bool = false, _ body: () throws(TargetError) -> Result
  ) throws(CommandError) -> Result {
    do throws(TargetError) {
      if target.capabilities.contains(.readsWhileRunning), !stopsToRead, !stopping { return try body() }
      // A stop that was not noticed yet is not to be undone by the end of this one.
      if target.state == .running { _ = try target.waitForStop(timeout: .zero) }
      return try target.whileStopped(body)
    } catch {
      throw CommandError(error)
    }
  }

  /// Does what reads memory in several steps, all with the target stopped, if it is to be stopped at all.
  func atOneMoment<Value>(_ body: () throws(CommandError) -> Value) throws(CommandError) -> Value {
    try read { () throws(TargetError) in
      do throws(CommandError) { return Result<Value, CommandError>.success(try body()) } catch {
        return .failure(error)
      }
    }.get()
  }

  /// Finds what a word names.
  func select(_ text: String, in snapshot: Snapshot) throws(CommandError) -> Selection {
    do throws(SelectorError) { return try snapshot.select(text) } catch { throw CommandError(error) }
  }

  /// Finds an object of a kind.
  func select(_ kind: ObjectKind, _ text: String, in snapshot: Snapshot) throws(CommandError) -> UInt64 {
    if kind == .domain, let address = snapshot.names.domain(text) { return address }
    guard let object = try select(text, in: snapshot).object else {
      throw CommandError(.usage, "`\(text.printable)` names no object")
    }
    guard object.kind == kind else {
      throw CommandError(.usage, "`\(text.printable)` is a \(object.kind.rawValue), not a \(kind.rawValue)")
    }
    return object.key
  }
}
