internal import ArgumentParser

/// How a target is connected to.
struct ConnectionOptions: ParsableArguments {
  @Option(help: "How many seconds the target's first answer may take.")
  var timeout = 5

  func validate() throws {
    guard (1...3600).contains(timeout) else {
      throw ValidationError("`\(timeout)` is no number of seconds from 1 to 3600")
    }
  }
}
