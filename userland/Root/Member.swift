internal import LibVesper

/// The programs of this system. The number is also the badge of the program's fault endpoint; 0 is nobody's.
enum Member: Int {
  case server = 1
  case clientA
  case clientB
  case clock
  case waiter

  static let count = 5

  /// In the archive and on the console.
  var name: StaticString {
    switch self {
    case .server: "server"
    case .clientA: "client-a"
    case .clientB: "client-b"
    case .clock: "clock"
    case .waiter: "waiter"
    }
  }

  var domainName: DomainName { DomainName(name) }
}
