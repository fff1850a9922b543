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
    SignalFlag.install()
    let reader = standardLineReader(editorSettings)
    if reader.isInteractive {
      print("\(session.kernelName) at \(session.target.wayIn); `help` lists the commands")
    }
    while !session.isFinished {
      switch reader.nextLine(prompt: Self.prompt) {
      case .line(let line): try run(line, isInteractive: reader.isInteractive)
      case .interrupted: try interrupt()
      case .tooLong: printError("that line is longer than any command; it was skipped")
      case .endOfInput: return
      }
    }
  }

  /// What fails is told, and ends a shell that nobody types at.
  private func run(_ line: String, isInteractive: Bool) throws(Failure) {
    do throws(CommandError) {
      let answer = try session.run(line: line)
      if isInteractive { print(console.take(), terminator: "") }
      let text = answer.rendered
      if !text.isEmpty { print(text) }
    } catch {
      guard isInteractive, error.kind != .targetLost else { throw Failure(error) }
      printError(error.text)
    }
  }

  /// Ctrl-C at the prompt stops the system, as in gdb.
  private func interrupt() throws(Failure) {
    guard session.target.state == .running else { return }
    try run("interrupt", isInteractive: true)
  }

  private var editorSettings: EditorSettings {
    var settings = EditorSettings()
    settings.historyPath = HistoryFile.path
    settings.whileIdle = { whileIdle() }
    return settings
  }

  /// Keeps the target's line empty: QEMU stands still when its serial socket is full.
  private func whileIdle() -> String? {
    let wasRunning = session.target.state == .running
    let stop = try? session.target.waitForStop(timeout: .zero)
    let text = console.take()
    return wasRunning && stop != nil ? text + "the system has stopped\n" : text
  }
}

enum HistoryFile {
  /// In the folder that the XDG base directory specification has for it; `nil` if there is no home.
  static var path: String? {
    func variable(_ name: String) -> String? {
      getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
    guard let folder = variable("XDG_STATE_HOME") ?? variable("HOME").map({ "\($0)/.local/state" }) else {
      return nil
    }
    let own = "\(folder)/vesper"
    makeFolders(own)
    return "\(own)/history"
  }

  private static func makeFolders(_ path: String) {
    var made = ""
    for part in path.split(separator: "/") {
      made += "/\(part)"
      mkdir(made, 0o700)
    }
  }
}
