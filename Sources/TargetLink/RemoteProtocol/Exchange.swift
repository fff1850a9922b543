/// Requests under way and the replies to them: which is next to send, and whose reply is next to come.
struct Exchange {
  private let requests: [[UInt8]]
  private var window: Int
  /// Requests not yet sent, by index.
  private var unsent: ArraySlice<Int>
  /// Requests sent and not answered, in the order their replies will come.
  private var waiting: [Waiting] = []
  private var attempts = 0

  private struct Waiting {
    var index: Int
    var isAcknowledged = false
  }

  init(requests: [[UInt8]], window: Int) {
    self.requests = requests
    self.window = max(1, window)
    unsent =
      requests.indices[...]
      .map(\.self)[...]
  }

  var isDone: Bool { unsent.isEmpty && waiting.isEmpty }
  var waitingCount: Int { waiting.count }

  /// The requests that may be sent now.
  mutating func takeSendable() -> [[UInt8]] {
    var sendable: [[UInt8]] = []
    while waiting.count < window, let index = unsent.popFirst() {
      waiting.append(Waiting(index: index))
      sendable.append(requests[index])
    }
    return sendable
  }

  /// A reply has come: to which request, nil if nobody waits for one.
  mutating func accept() -> Int? {
    guard !waiting.isEmpty else { return nil }
    // Only a line that does not get on is given up.
    attempts = 0
    return waiting.removeFirst().index
  }

  mutating func acknowledge() {
    guard let first = waiting.firstIndex(where: { !$0.isAcknowledged }) else { return }
    waiting[first].isAcknowledged = true
  }

  /// The oldest request that was not acknowledged did not come through: it is sent again, behind the others.
  ///
  /// Returns how often something went wrong since the last reply.
  mutating func refuse() -> Int {
    if let first = waiting.firstIndex(where: { !$0.isAcknowledged }) {
      unsent = [waiting.remove(at: first).index] + unsent
    }
    return noteDamage()
  }

  /// Goes back to before the requests whose replies have not come, and then to one at a time.
  mutating func restart() -> Int {
    unsent = waiting.map(\.index)[...] + unsent
    waiting.removeAll()
    window = 1
    return noteDamage()
  }

  mutating func noteDamage() -> Int {
    attempts += 1
    return attempts
  }
}
