internal import TargetLink

extension Command {
  static let detach = Command(
    "detach",
    summary: "Leave the system as it was found, and end the session",
    discussion: "Removes the breakpoints of this session; a system that ran when it was attached runs again.",
    example: "detach", wordCount: 0...0
  ) { session, _ throws(CommandError) in
    session.end()
    return Answer("detached")
  }

  static let quit = Command(
    "quit", aliases: ["q", "exit"],
    summary: "Detach and leave the shell",
    discussion: "The same as `detach`; at the end of its input the shell does it too.",
    example: "quit", wordCount: 0...0
  ) { session, _ throws(CommandError) in
    session.end()
    return Answer()
  }
}

extension CommandSession {
  /// Lets go of the target, which takes back what the session has set in it.
  package func end() {
    target.detach()
    isFinished = true
  }
}
