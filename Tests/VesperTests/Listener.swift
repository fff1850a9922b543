import Foundation

/// A unix socket whose server sends some bytes to each client and then neither reads nor closes.
final class Listener {
  let path: String
  private let descriptor: Int32

  init(saying text: String) throws {
    path = "/tmp/vesper-test-\(getpid())-\(UInt32.random(in: 0 ... .max)).sock"
    let listening = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    descriptor = listening
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listening, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard status == 0, listen(listening, 1) == 0 else { throw CannotListen(error: errno) }
    Self.serve(listening, Array(text.utf8))
  }

  struct CannotListen: Error {
    let error: Int32
  }

  deinit {
    // Ends the thread's accept.
    shutdown(descriptor, Int32(SHUT_RDWR))
    unlink(path)
  }

  private static func serve(_ listening: Int32, _ bytes: [UInt8]) {
    Thread.detachNewThread {
      var clients: [Int32] = []
      while true {
        let client = accept(listening, nil, nil)
        if client < 0 { break }
        _ = send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        clients.append(client)
      }
      for client in clients + [listening] { close(client) }
    }
  }
}
