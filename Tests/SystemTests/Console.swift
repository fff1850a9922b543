import Foundation
@testable import TargetLink

/// The console of a machine, read raw: nobody is attached.
final class Console {
  private let channel: ByteChannel
  private(set) var text = ""

  init(of machine: QEMUMachine) throws {
    channel = try ChannelAddress.unixSocket(machine.serialPath).open()
  }

  /// Reads until `expected` was said; false if the bound passes first.
  func waits(for expected: String, bound: Duration = .seconds(120)) throws -> Bool {
    let deadline = Deadline.after(bound)
    while !text.contains(expected) {
      if deadline.hasPassed { return false }
      let bytes = try channel.receive(until: deadline.sooner(than: .seconds(1)), during: "test")
      text += String(decoding: bytes, as: UTF8.self)
    }
    return true
  }
}
