internal import CLibEdit
internal import Glibc

/// How an interactive editor behaves.
package struct EditorSettings {
  /// Where the history is kept between sessions; `nil` if it is not.
  package var historyPath: String?
  /// How many lines of history are kept.
  package var historySize: Int32 = 1000
  /// What the word that ends at the byte offset of the line could become.
  package var complete: (_ line: String, _ cursor: Int) -> Completion = { _, _ in
    Completion(replaced: 0, candidates: [])
  }
  /// Called ten times a second while nothing is typed.
  package var whileIdle: () -> IdleAction = { .nothing }

  package init() {}
}

/// Reads lines from the terminal with libedit: editing, history and completion.
///
/// One at a time in a process. Ctrl-C is an event here; while no line is being read it is SIGINT.
package final class TerminalLineReader: LineReader {
  package let isInteractive = true

  private let settings: EditorSettings
  private let history: OpaquePointer
  private var editor: OpaquePointer?
  /// The prompt as libedit wants it: memory that stays where it is.
  private var prompt: UnsafeMutablePointer<CChar> = strdup("")
  private var wasInterrupted = false
  /// The line on which TAB was pressed without effect: pressing it again there lists the candidates.
  private var lineOfLastTab: String?

  /// `nil` if standard input and output are not a terminal.
  package init?(_ settings: EditorSettings) {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1, let history = history_init() else {
      return nil
    }
    self.settings = settings
    self.history = history
    guard let editor = vesper_el_init("vesper", Unmanaged.passUnretained(self).toOpaque()) else { return nil }
    self.editor = editor
    configure(editor)
    vesper_history_set_size(history, settings.historySize)
    if let path = settings.historyPath { _ = vesper_history_load(history, path) }
  }

  deinit {
    if let editor { el_end(editor) }
    history_end(history)
    free(prompt)
  }

  package func nextLine(prompt text: String) -> LineEvent {
    guard let editor else { return .endOfInput }
    free(prompt)
    prompt = strdup(text)
    wasInterrupted = false
    // The window may have changed its size meanwhile.
    el_resize(editor)
    vesper_el_prepare(editor)
    var count: Int32 = 0
    guard let bytes = el_gets(editor, &count), count > 0 else {
      print()
      return wasInterrupted ? .interrupted : .endOfInput
    }
    var line = String(cString: bytes)
    if line.last == "\n" { line.removeLast() }
    remember(line)
    return .line(line)
  }

  private func configure(_ editor: OpaquePointer) {
    vesper_el_set_prompt(editor) { TerminalLineReader.of($0).prompt }
    vesper_el_set_history(editor, history)
    vesper_el_bind(editor, "^I", "vesper-complete") { editor, _ in TerminalLineReader.of(editor).complete() }
    vesper_el_bind(editor, "^C", "vesper-interrupt") { editor, _ in TerminalLineReader.of(editor).interrupt()
    }
    vesper_el_set_idle(editor, 100) { TerminalLineReader.of(clientData: $0).beIdle() }
    vesper_el_source(editor)
  }

  private func remember(_ line: String) {
    guard !line.allSatisfy(\.isWhitespace) else { return }
    vesper_history_enter(history, line)
    guard let path = settings.historyPath else { return }
    // Commands can name what is nobody else's business.
    let oldMask = umask(0o077)
    _ = vesper_history_save(history, path)
    umask(oldMask)
  }
}

/// What libedit calls.
extension TerminalLineReader {
  private static func of(_ editor: OpaquePointer) -> TerminalLineReader {
    of(clientData: vesper_el_client_data(editor))
  }

  private static func of(clientData: UnsafeMutableRawPointer) -> TerminalLineReader {
    Unmanaged.fromOpaque(clientData).takeUnretainedValue()
  }

  private func interrupt() -> UInt8 {
    wasInterrupted = true
    return UInt8(CC_EOF)
  }

  private func complete() -> UInt8 {
    guard let editor, let info = el_line(editor)?.pointee else { return UInt8(CC_ERROR) }
    let bytes = UnsafeRawBufferPointer(start: info.buffer, count: info.lastchar - info.buffer)
    let line = String(decoding: bytes, as: UTF8.self)
    let completion = settings.complete(line, info.cursor - info.buffer)
    let action = CompletionAction(completion, isRepeated: line == lineOfLastTab)
    lineOfLastTab = action == .nothing ? line : nil
    switch action {
    case .insert(let text):
      return el_insertstr(editor, text) == 0 ? UInt8(CC_REFRESH) : UInt8(CC_ERROR)
    case .list(let candidates):
      print("\n" + listing(candidates, width: terminalWidth).joined(separator: "\n"))
      fflush(nil)
      return UInt8(CC_REDISPLAY)
    case .nothing:
      return UInt8(CC_REFRESH_BEEP)
    }
  }

  private var terminalWidth: Int {
    var size = winsize()
    let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    return isKnown ? Int(size.ws_col) : 80
  }

  /// Returns false if no more is to be read.
  private func beIdle() -> Bool {
    if SignalFlag.isTerminating { return false }
    if SignalFlag.takeInterrupt() {
      // Pressed just before Ctrl-C became a key.
      wasInterrupted = true
      return false
    }
    switch settings.whileIdle() {
    case .nothing: break
    case .show(let text): show(text)
    case .end: return false
    }
    return true
  }

  private func show(_ text: String) {
    guard !text.isEmpty, let editor else { return }
    // Where the prompt was, the text goes; the prompt and what was typed come below it again.
    print("\r\u{1b}[K" + text, terminator: text.hasSuffix("\n") ? "" : "\n")
    fflush(nil)
    vesper_el_refresh(editor)
  }
}
