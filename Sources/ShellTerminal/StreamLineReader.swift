internal import Glibc

/// Reads lines from a file descriptor that is no terminal.
package final class StreamLineReader: LineReader {
  package let isInteractive = false

  /// In bytes. A longer line is no command.
  package static let longestLine = 64 * 1024

  private let descriptor: Int32
  private var pending: [UInt8] = []
  private var chunk = [UInt8](repeating: 0, count: 4096)
  private var atEnd = false

  private let whileIdle: () -> IdleAction

  /// Calls `whileIdle` ten times a second while there is nothing to read; what it wants shown is not.
  package init(descriptor: Int32 = STDIN_FILENO, whileIdle: @escaping () -> IdleAction = { .nothing }) {
    self.descriptor = descriptor
    self.whileIdle = whileIdle
  }

  package func nextLine(prompt: String) -> LineEvent {
    var skipping = false
    while true {
      if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
        let line = String(decoding: pending[..<end], as: UTF8.self)
        pending.removeSubrange(...end)
        return skipping ? .tooLong : .line(line)
      }
      if atEnd { return takeUnfinishedLine(skipping: skipping) }
      if pending.count > Self.longestLine {
        pending.removeAll()
        skipping = true
      }
      readMore()
    }
  }

  private func takeUnfinishedLine(skipping: Bool) -> LineEvent {
    if skipping { return .tooLong }
    if pending.isEmpty { return .endOfInput }
    defer { pending.removeAll() }
    return .line(String(decoding: pending, as: UTF8.self))
  }

  private func readMore() {
    var input = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    while poll(&input, 1, 100) <= 0 {
      if whileIdle() == .end || SignalFlag.isTerminating {
        atEnd = true
        return
      }
    }
    let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
    if count > 0 {
      pending.append(contentsOf: chunk[..<count])
    } else if count == 0 || errno != EINTR {
      atEnd = true
    }
  }
}
