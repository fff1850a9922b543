internal import Glibc
package import SystemPackage

/// A two-way stream of bytes: a connected socket or an open serial line.
///
/// Nothing here blocks without a deadline, and reading never waits for writing to be done: a target that
/// answers while it is still being asked would otherwise fill both directions and stop for ever.
package final class ByteChannel {
  /// How the other side is called in messages.
  package let name: String

  let descriptor: FileDescriptor
  private let isSocket: Bool
  private var restoreOnClose: termios?
  private var isOpen = true
  /// All that ever came, in bytes.
  package private(set) var receivedCount = 0
  private var receiveBuffer = [UInt8](repeating: 0, count: 64 * 1024)

  /// Takes over `descriptor`, closes it when done, and makes it non-blocking.
  package init(adopting descriptor: FileDescriptor, name: String, isSocket: Bool) {
    self.name = name
    self.descriptor = descriptor
    self.isSocket = isSocket
    let flags = fcntl(descriptor.rawValue, F_GETFL)
    _ = fcntl(descriptor.rawValue, F_SETFL, flags | O_NONBLOCK)
  }

  deinit {
    close()
  }

  /// Restores these terminal settings when the channel is closed.
  func restoreTerminal(_ settings: termios) {
    restoreOnClose = settings
  }

  package func close() {
    guard isOpen else { return }
    isOpen = false
    if var settings = restoreOnClose { tcsetattr(descriptor.rawValue, TCSANOW, &settings) }
    try? descriptor.close()
  }

  /// Waits until some of `outgoing` was sent, or something was received, or the deadline has passed.
  ///
  /// What was sent is removed from `outgoing`; what was received is returned, empty if nothing was.
  package func transfer(
    _ outgoing: inout OutgoingBytes, until deadline: Deadline, during operation: String
  ) throws(TargetError) -> ArraySlice<UInt8> {
    guard isOpen else { throw .closed(during: operation) }
    let events = try waitForEvents(
      POLLIN | (outgoing.isEmpty ? 0 : POLLOUT), until: deadline, during: operation)
    var received: ArraySlice<UInt8> = []
    if events & (POLLIN | POLLHUP | POLLERR) != 0 { received = try receive(during: operation) }
    if events & POLLOUT != 0 { try send(&outgoing, during: operation) }
    return received
  }

  /// Sends all of `bytes`, without reading: for a short message to somebody who takes it.
  package func send(
    _ bytes: [UInt8], until deadline: Deadline, during operation: String
  ) throws(TargetError) {
    guard isOpen else { throw .closed(during: operation) }
    var outgoing = OutgoingBytes(bytes)
    while !outgoing.isEmpty {
      let events = try waitForEvents(POLLOUT, until: deadline, during: operation)
      if events == 0, deadline.hasPassed { throw .timedOut(waitingFor: "\(name) to take what is sent to it") }
      if events != 0 { try send(&outgoing, during: operation) }
    }
  }

  /// What arrives before the deadline, as soon as something does; empty if nothing did.
  package func receive(
    until deadline: Deadline, during operation: String
  ) throws(TargetError) -> ArraySlice<UInt8> {
    var nothing = OutgoingBytes([])
    return try transfer(&nothing, until: deadline, during: operation)
  }

  private func waitForEvents(
    _ wanted: Int32, until deadline: Deadline, during operation: String
  ) throws(TargetError) -> Int32 {
    while true {
      var entry = pollfd(fd: descriptor.rawValue, events: Int16(wanted), revents: 0)
      let count = poll(&entry, 1, deadline.pollTimeout)
      if count >= 0 { return count == 0 ? 0 : Int32(entry.revents) }
      let error = Errno(rawValue: errno)
      guard error == .interrupted else { throw .inputOutput(during: operation, error) }
    }
  }

  private func receive(during operation: String) throws(TargetError) -> ArraySlice<UInt8> {
    let count = receiveBuffer.withUnsafeMutableBytes {
      Glibc.read(descriptor.rawValue, $0.baseAddress, $0.count)
    }
    if count > 0 {
      receivedCount &+= count
      return receiveBuffer[..<count]
    }
    if count == 0 { throw .closed(during: operation) }
    switch Errno(rawValue: errno) {
    case .wouldBlock, .interrupted: return []
    // A pseudo-terminal whose other side was closed says EIO.
    case .connectionReset, .brokenPipe, .ioError: throw .closed(during: operation)
    case let error: throw .inputOutput(during: operation, error)
    }
  }

  private func send(_ outgoing: inout OutgoingBytes, during operation: String) throws(TargetError) {
    let count = outgoing.withUnsafeBytes { bytes in
      // A peer that has gone is an error to report, not a SIGPIPE to die of.
      isSocket
        ? Glibc.send(descriptor.rawValue, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
        : Glibc.write(descriptor.rawValue, bytes.baseAddress, bytes.count)
    }
    if count >= 0 {
      outgoing.removeFirst(count)
      return
    }
    switch Errno(rawValue: errno) {
    case .wouldBlock, .interrupted: return
    case .connectionReset, .brokenPipe, .ioError: throw .closed(during: operation)
    case let error: throw .inputOutput(during: operation, error)
    }
  }
}
