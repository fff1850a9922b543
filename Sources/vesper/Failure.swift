internal import ArgumentParser
internal import Commands
internal import TargetLink

/// What the process exits with, from `sysexits.h` where it has a number for it. `vesper --help` lists them.
enum ExitStatus: Int32 {
  case refused = 1
  /// EX_USAGE, which ArgumentParser exits with too.
  case usage = 64
  /// EX_DATAERR
  case notVesper = 65
  /// EX_UNAVAILABLE
  case unavailable = 69
  /// EX_IOERR: the connection to the target is lost, or an answer cannot be written.
  case inputOutput = 74
}

/// Why the process ends: a sentence and a status.
struct Failure: Error {
  var status: ExitStatus
  var message: String

  init(_ status: ExitStatus, _ message: String) {
    self.status = status
    self.message = message
  }

  init(_ error: CommandError) {
    let status: ExitStatus =
      switch error.kind {
      case .usage: .usage
      case .refused: .refused
      case .targetLost, .outputFailed: .inputOutput
      case .notVesper: .notVesper
      }
    self.init(status, error.text)
  }
}

/// Does `body`; a failure is told on standard error and becomes the exit status.
func exitingOnFailure(_ body: () throws(Failure) -> Void) throws {
  do throws(Failure) {
    try body()
  } catch {
    printError(error.message)
    throw ExitCode(error.status.rawValue)
  }
}
