internal import Glibc

/// Where the shell keeps the lines that were typed.
enum HistoryFile {
  /// In the folder that the XDG base directory specification has for it; `nil` if there is no home.
  static var path: String? {
    guard let folder = variable("XDG_STATE_HOME") ?? variable("HOME").map({ "\($0)/.local/state" }) else {
      return nil
    }
    let own = "\(folder)/vesper"
    makeFolders(own)
    return "\(own)/history"
  }

  private static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// One that cannot be made only costs the history.
  private static func makeFolders(_ path: String) {
    var made = ""
    for part in path.split(separator: "/") {
      made += "/\(part)"
      mkdir(made, 0o700)
    }
  }
}
