/// Follows the queues of endpoints and notifications through the Domains that were read.
extension SnapshotReader {
  func walkQueues() {
    for (address, endpoint) in endpoints.sorted(by: { $0.key < $1.key }) {
      let name = "endpoint \(hexadecimal(address))"
      endpoints[address]?.senders = queue(
        of: name, at: address, "sendHead", from: endpoint.sendHead, to: endpoint.sendTail)
      endpoints[address]?.receivers = queue(
        of: name, at: address, "receiveHead", from: endpoint.receiveHead, to: endpoint.receiveTail)
    }
    for (address, notification) in notifications.sorted(by: { $0.key < $1.key }) {
      notifications[address]?.waiters = queue(
        of: "notification \(hexadecimal(address))", at: address, "waitHead", from: notification.waitHead,
        to: notification.waitTail)
    }
  }

  /// The Domains of one queue, each at most once.
  private func queue(of name: String, at address: UInt64, _ field: String, from head: UInt64, to tail: UInt64)
    -> [UInt64]
  {
    var members: [UInt64] = []
    var visited: Set<UInt64> = []
    var next = head
    while next != 0 {
      guard visited.insert(next).inserted else {
        find(name, field, "the queue is a cycle at domain \(hexadecimal(next))")
        break
      }
      guard let domain = domains[next] else {
        find(name, field, "the queue leads to \(hexadecimal(next)), which is no domain")
        break
      }
      if domain.blockedOn != address {
        find(name, field, "domain \(hexadecimal(next)) is queued but says that it waits elsewhere")
      }
      members.append(next)
      next = domain.queueNext
    }
    if members.last ?? 0 != tail, next == 0 {
      find(name, field, "the queue does not end at its tail \(hexadecimal(tail))")
    }
    return members
  }
}
