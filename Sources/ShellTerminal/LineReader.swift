/// Where a shell gets its commands from.
package protocol LineReader: AnyObject {
  /// Whether a person is typing, who wants prompts and hints.
  var isInteractive: Bool { get }

  /// Waits for the next line, without its end-of-line.
  func nextLine(prompt: String) -> LineEvent
}

/// What a ``LineReader`` comes back with.
package enum LineEvent: Equatable, Sendable {
  case line(String)
  /// Ctrl-C was pressed; what had been typed is dropped.
  case interrupted
  /// The line is longer than ``StreamLineReader/longestLine`` and was skipped.
  case tooLong
  case endOfInput
}

/// What is to be done when nothing has been typed for a while.
package enum IdleAction: Equatable, Sendable {
  case nothing
  /// Show this text above the prompt.
  case show(String)
  /// Read no more.
  case end
}

/// The reader for this process's standard input: an editor if it is a terminal, else plain lines.
package func standardLineReader(_ settings: EditorSettings) -> any LineReader {
  TerminalLineReader(settings) ?? StreamLineReader(whileIdle: settings.whileIdle)
}
