internal import Commands
internal import Glibc
internal import ShellTerminal
internal import TargetLink

/// Reads commands, runs them, and shows what the target says meanwhile.
struct Shell {
  private let session: CommandSession
  private let console: ConsoleBuffer
  private static let prompt = "(vesper) "

  init(session: CommandSession, console: ConsoleBuffer) {
    self.session = session
    self.console = console
  }

  /// Until `quit`, the end of the input, or the loss of the target.
  func run() throws(Failure) {
    let reader = standardLineReader(editorSettings)
    if reader.isInteractive {
      print("\(session.kernelName) at \(session.target.wayIn); `help` lists the commands")
    }
    while !session.isFinished, !SignalFlag.isTerminating {
      // One that came too late for the last command, or that it did not look for.
      if SignalFlag.takeInterrupt() { try interrupt() }
      switch reader.nextLine(prompt: Self.prompt) {
      case .line(let line): try run(line, isInteractive: reader.isInteractive)
      case .interrupted: try interrupt()
      case .tooLong: printError("that line is longer than any command; it was skipped")
      case .endOfInput:
        try checkConnection()
        return
      }
    }
  }

  /// Throws if the input ended because the target has gone.
  private func checkConnection() throws(Failure) {
    do throws(TargetError) {
      _ = try session.target.waitForStop(timeout: .zero)
    } catch {
      if error.endsConnection { throw Failure(CommandError(error)) }
    }
  }

  /// What fails is told, and ends a shell that nobody types at.
  private func run(_ line: String, isInteractive: Bool) throws(Failure) {
    let answer: AnswerText
    do throws(CommandError) {
      answer = try session.withProgress { () throws(CommandError) in try session.render(line).text }
    } catch {
      guard isInteractive, error.kind != .targetLost else { throw Failure(error) }
      return printError(error.text)
    }
    if isInteractive { print(console.take(), terminator: "") }
    if !answer.isEmpty { try printAnswer(answer) }
  }

  /// Ctrl-C stops the system, as in gdb.
  private func interrupt() throws(Failure) {
    guard !session.isFinished, session.target.state == .running else { return }
    try run("interrupt", isInteractive: true)
  }
}

/// What goes on while a line is typed.
extension Shell {
  private var editorSettings: EditorSettings {
    var settings = EditorSettings()
    settings.historyPath = HistoryFile.path
    settings.whileIdle = { whileIdle() }
    settings.complete = { line, cursor in complete(line, cursor) }
    return settings
  }

  /// Keeps the target's line empty: QEMU stands still when its serial socket is full.
  private func whileIdle() -> IdleAction {
    let wasRunning = session.target.state == .running
    do throws(TargetError) {
      let stop = try session.target.waitForStop(timeout: .zero)
      let text = console.take()
      guard wasRunning, let stop, let answer = try? session.stopAnswer(stop) else { return .show(text) }
      return .show(text + answer.rendered + "\n")
    } catch {
      // What is lost will be said when it is next used: at once, after the end of the input.
      return error.endsConnection ? .end : .nothing
    }
  }

  /// The editor counts in bytes, the session in characters.
  private func complete(_ line: String, _ cursor: Int) -> ShellTerminal.Completion {
    let typed = String(decoding: line.utf8.prefix(cursor), as: UTF8.self)
    let completion = session.complete(line, cursor: typed.count)
    let word = typed.dropFirst(completion.start)
    return ShellTerminal.Completion(replaced: word.utf8.count, candidates: completion.candidates)
  }
}
