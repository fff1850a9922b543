internal import GDBProtocol
internal import GDBStub
internal import KernelCore
internal import KernelObjects

// What a user can type after `monitor`.
extension KernelTarget {
  mutating func monitor(_ command: ByteBuffer, answer: inout ReplyText) -> Bool {
    let command = PacketCursor(command)
    if command.isExactly("help") {
      answer.append(Self.help)
    } else if command.isExactly("domains") {
      writeDomainList(into: &answer)
    } else if command.isExactly("epoch") {
      answer.append("epoch ")
      answer.append(decimal: kernel.state.epoch)
      answer.append(kernel.state.epoch & 1 == 0 ? ": at rest\n" : ": in the middle of a change\n")
    } else if command.isExactly("time") {
      answer.append("ticks ")
      answer.append(decimal: kernel.state.ticks)
      answer.append(", kernel entries ")
      answer.append(decimal: kernel.state.epoch &>> 1)
      answer.append("\n")
    } else {
      return false
    }
    return true
  }

  private static var help: StaticString {
    """
    domains  what gets processor time, and what it waits for
    epoch    whether the kernel was stopped in the middle of a change
    time     slice ticks and kernel entries since boot
    More: info os, info threads, info registers system; kill starts the machine anew.

    """
  }

  private func writeDomainList(into answer: inout ReplyText) {
    var address: UInt64 = 0
    while let next = object(.domain, after: address), !answer.isFull {
      address = next
      guard let thread = ThreadID(domain: next) else { return }
      describe(thread, in: &answer)
      answer.append("\n")
    }
  }
}
