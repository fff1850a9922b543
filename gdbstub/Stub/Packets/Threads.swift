internal import GDBProtocol

extension GDBStub {
  /// `H OPERATION THREAD`: the thread that the following packets are about.
  mutating func selectThread(_ packet: inout PacketCursor) {
    guard let operation = packet.next(), operation == UInt8(ascii: "g") || operation == UInt8(ascii: "c"),
      let selector = ThreadSelector(&packet), packet.isAtEnd
    else { return reply(.malformed) }
    let thread: ThreadID?
    if case .one(let one) = selector { thread = one } else { thread = nil }
    if let thread, !exists(thread) { return reply(.noThread) }
    // `Hc` is for the packets `c` and `s`, which are about the current thread; `vCont` names its own.
    if operation == UInt8(ascii: "g") { session.selectedThread = thread }
    reply("OK")
  }

  /// `T THREAD`: does it still exist?
  mutating func queryThreadAlive(_ packet: inout PacketCursor) {
    guard case .one(let thread) = ThreadSelector(&packet), packet.isAtEnd else { return reply(.malformed) }
    reply(failure: exists(thread) ? nil : .noThread)
  }

  private func exists(_ thread: ThreadID) -> Bool { isListed(thread) && target.isAlive(thread) }

  /// `qC`
  mutating func queryCurrentThread() {
    writer.begin()
    writer.append("QC")
    writer.append(number: target.currentThread.number)
    sendReply()
  }

  /// `qfThreadInfo`, which starts the list, and `qsThreadInfo`, which goes on with it.
  mutating func queryThreads(first: Bool) {
    if first { session.listedThread = nil }
    writer.begin()
    var separator = UInt8(ascii: "m")
    while writer.room > Self.longestThread {
      if !first, session.listedThread == nil { break }
      guard let thread = thread(after: session.listedThread) else { break }
      session.listedThread = thread
      writer.append(separator)
      writer.append(number: thread.number)
      separator = UInt8(ascii: ",")
    }
    if separator == UInt8(ascii: "m") { writer.append("l") }
    sendReply()
  }

  /// A separator and 16 digits.
  private static var longestThread: Int { 17 }

  /// `qThreadExtraInfo,THREAD`: what a user should know of it.
  mutating func queryThreadDescription(_ packet: inout PacketCursor) {
    guard packet.take(UInt8(ascii: ",")), case .one(let thread) = ThreadSelector(&packet), packet.isAtEnd
    else {
      return reply(.malformed)
    }
    guard target.isAlive(thread) else { return reply(.noThread) }
    _ = replyText { target, text in
      target.describe(thread, in: &text)
      return true
    }
  }
}

/// A thread as packets name it.
enum ThreadSelector: Equatable {
  /// `0`
  case any
  /// `-1`
  case all
  case one(ThreadID)

  init?(_ packet: inout PacketCursor) {
    if packet.take("-1") {
      self = .all
    } else if let number = packet.number() {
      if number == 0 {
        self = .any
      } else {
        guard let thread = ThreadID(number) else { return nil }
        self = .one(thread)
      }
    } else {
      return nil
    }
  }

  /// `:THREAD`, or nothing, which means all.
  init?(afterColon packet: inout PacketCursor) {
    if packet.isAtEnd {
      self = .all
    } else {
      guard packet.take(UInt8(ascii: ":")), let selector = ThreadSelector(&packet) else { return nil }
      self = selector
    }
  }

  func includes(_ thread: ThreadID) -> Bool {
    if case .one(let one) = self { one == thread } else { true }
  }
}
