import HostileMemory
import Inspection
import KernelImage

/// Another layout of the same objects: in memory, and in the descriptor that tells of it.
struct Rearrangement {
  private let target: HostileTarget
  private var text: DescriptorText
  var lines: [String] {
    get { text.lines }
    set { text.lines = newValue }
  }

  init(_ target: HostileTarget) {
    self.target = target
    text = DescriptorText(target.descriptorBody)
  }

  /// Slots, endpoints, notifications and domains with their fields elsewhere; lines in reverse, and some of no kind
  /// that there is.
  mutating func rearrange(_ snapshot: Snapshot) {
    swap("Slot", "word0", "word1", in: snapshot.slots.records.map(\.address))
    swap("Slot", "child", "generation", in: snapshot.slots.records.map(\.address))
    swap("Slot", "next", "previous", in: snapshot.slots.records.map(\.address))
    swap("Endpoint", "sendHead", "receiveTail", in: Array(snapshot.endpoints.keys))
    swap("Notification", "pending", "boundDomain", in: Array(snapshot.notifications.keys))
    for (first, second) in [("state", "faultKind"), ("blockedOn", "ticks"), ("queueNext", "sendBadge")] {
      swap("Domain", first, second, in: Array(snapshot.domains.keys))
    }
    move("Domain", "servedBy", to: 0x7f0, in: Array(snapshot.domains.keys))
    lines = [lines[0]] + lines.dropFirst().dropLast().reversed()
    lines.insert("weather sunny 3", at: 1)
    lines.insert("object Teleporter 40", at: 2)
    lines.insert("field Teleporter destination 0 8", at: 3)
    lines.insert("field Domain shoeSize 7f8 8", at: 4)
    lines.insert("constant answer 2a", at: 5)
    lines.append("end")
  }

  /// The descriptor with these lines, in the form of version 1 or 2.
  func descriptor(version: UInt32 = 2) -> [UInt8] { text.bytes(version: version) }

  private func place(_ object: String, _ name: String) -> (line: Int, offset: Int, size: Int)? {
    for (number, line) in lines.enumerated() {
      let words = line.split(separator: " ")
      guard words.count == 5, words[0] == "field", words[1] == object, words[2] == name,
        let offset = Int(words[3], radix: 16), let size = Int(words[4], radix: 16)
      else { continue }
      return (number, offset, size)
    }
    return nil
  }

  /// Two fields of one size change places.
  private mutating func swap(_ object: String, _ first: String, _ second: String, in addresses: [UInt64]) {
    guard let one = place(object, first), let two = place(object, second), one.size == two.size else {
      preconditionFailure("\(object).\(first), \(second)")
    }
    for address in addresses {
      for byte in 0..<one.size {
        let (left, right) = (address + UInt64(one.offset + byte), address + UInt64(two.offset + byte))
        let (old, new) = (self.byte(at: left), self.byte(at: right))
        set(new, at: left)
        set(old, at: right)
      }
    }
    write(object, first, one.line, two.offset, one.size)
    write(object, second, two.line, one.offset, two.size)
  }

  /// A field goes where there was nothing, and something else is left in its place.
  private mutating func move(_ object: String, _ name: String, to offset: Int, in addresses: [UInt64]) {
    guard let field = place(object, name) else { preconditionFailure("\(object).\(name)") }
    for address in addresses {
      for byte in 0..<field.size {
        set(self.byte(at: address + UInt64(field.offset + byte)), at: address + UInt64(offset + byte))
        set(0xee, at: address + UInt64(field.offset + byte))
      }
    }
    write(object, name, field.line, offset, field.size)
    for (number, line) in lines.enumerated() where line.hasPrefix("object \(object) ") {
      lines[number] = "object \(object) 800"
    }
  }

  private mutating func write(_ object: String, _ name: String, _ line: Int, _ offset: Int, _ size: Int) {
    lines[line] = "field \(object) \(name) \(String(offset, radix: 16)) \(String(size, radix: 16))"
  }

  private func byte(at address: UInt64) -> UInt8 {
    UInt8(truncatingIfNeeded: target.word(target.index(of: address)) >> (address % 8 * 8))
  }

  private func set(_ byte: UInt8, at address: UInt64) {
    let index = target.index(of: address)
    let shift = address % 8 * 8
    target.set(index, to: target.word(index) & ~(0xff << shift) | UInt64(byte) << shift)
  }
}
