import Foundation

/// A socket whose bytes come from another one, a few at a time when it is slow.
final class SlowRelay: @unchecked Sendable {
  let path: String
  private let lock = NSLock()
  private var slow = false

  var isSlow: Bool {
    get { lock.withLock { slow } }
    set { lock.withLock { slow = newValue } }
  }

  struct Failure: Error {
    var what: String
  }

  init(to other: String) throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).sock").path
    let listener = try Self.socket(path) { bind($0, $1, $2) == 0 && listen($0, 1) == 0 }
    let far = try Self.socket(other) { connect($0, $1, $2) == 0 }
    Thread.detachNewThread { [self] in
      let near = accept(listener, nil, nil)
      close(listener)
      unlink(path)
      Thread.detachNewThread { [self] in
        copy(from: near, to: far, isThrottled: false)
        // The far end's next reader stops too.
        shutdown(far, Int32(SHUT_RDWR))
      }
      copy(from: far, to: near, isThrottled: true)
      shutdown(near, Int32(SHUT_RDWR))
    }
  }

  private func copy(from: Int32, to: Int32, isThrottled: Bool) {
    var buffer = [UInt8](repeating: 0, count: 256)
    while true {
      let count = read(from, &buffer, buffer.count)
      guard count > 0, send(to, buffer, count, Int32(MSG_NOSIGNAL)) == count else { return }
      if isThrottled, isSlow { usleep(100_000) }
    }
  }

  private static func socket(
    _ path: String, _ body: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Bool
  ) throws -> Int32 {
    let end = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let size = MemoryLayout.size(ofValue: address.sun_path)
    withUnsafeMutableBytes(of: &address.sun_path) { place in
      place.copyBytes(from: Array(path.utf8).prefix(size - 1))
    }
    let isDone = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body(end, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard isDone else { throw Failure(what: "\(path): \(String(cString: strerror(errno)))") }
    return end
  }
}
