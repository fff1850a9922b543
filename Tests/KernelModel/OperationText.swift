internal import KernelObjects

// An operation is one line of words:
//
//     tick
//     pass 0x1234
//     interrupt 34
//     fault actor0 0x123
//     compute actor0 0x123
//     scribble 17
//     write 17 0 1
//     restart 2
//     actor1 call 3 cnodeMint 9 1 5 7 11
//     slot17 send 5 0x502 1 2 pass 9 into 12
//
// A call names its system call (or the number of one that does not exist), the capability pointer, an invocation or
// the message info, and the words up to the last that is not zero.
extension Operation: CustomStringConvertible {
  package var description: String {
    switch self {
    case .tick: "tick"
    case .pass(let counts): "pass \(text(counts))"
    case .interrupt(let irq): "interrupt \(irq)"
    case .fault(let actor, let address): "fault \(actor) \(text(address))"
    case .compute(let actor, let number): "compute \(actor) \(text(number))"
    case .scribble(let slot): "scribble \(slot)"
    case .write(let slot, let word, let value): "write \(slot) \(text(word)) \(text(value))"
    case .restart(let number): "restart \(number)"
    case .call(let actor, let registers): "\(actor) \(registers)"
    }
  }

  /// - Parameter line: an operation as it is printed; nil if it is none.
  package init?(_ line: String) {
    let words = line.split(separator: " ").map(String.init)
    guard let first = words.first else { return nil }
    let numbers = words.dropFirst().map(value)
    switch (first, numbers.first, numbers.dropFirst().first) {
    case ("tick", nil, nil): self = .tick
    case ("pass", .some(.some(let counts)), nil): self = .pass(counts)
    case ("interrupt", .some(.some(let irq)), nil): self = .interrupt(irq)
    case ("scribble", .some(.some(let slot)), nil): self = .scribble(slot)
    case ("write", .some(.some(let slot)), .some(.some(let word))):
      guard numbers.count == 3, let value = numbers[2] else { return nil }
      self = .write(slot, word: word, value)
    case ("restart", .some(.some(let number)), nil): self = .restart(Int(truncatingIfNeeded: number))
    case ("fault", .some, .some(.some(let address))):
      guard let actor = Actor(words[1]) else { return nil }
      self = .fault(actor, address: address)
    case ("compute", .some, .some(.some(let number))):
      guard let actor = Actor(words[1]) else { return nil }
      self = .compute(actor, number)
    default:
      guard let actor = Actor(first), let registers = CallRegisters(words.dropFirst()) else { return nil }
      self = .call(actor, registers)
    }
  }
}

extension Actor: CustomStringConvertible {
  package var description: String {
    switch self {
    case .fixed(let number): "actor\(number)"
    case .slot(let slot): "slot\(slot)"
    }
  }

  init?(_ word: String) {
    if word.hasPrefix("actor"), let number = Int(word.dropFirst(5)) {
      self = .fixed(number)
    } else if word.hasPrefix("slot"), let slot = UInt64(word.dropFirst(4)) {
      self = .slot(slot)
    } else {
      return nil
    }
  }
}

extension CallRegisters: CustomStringConvertible {
  package var description: String {
    var parts = [SystemCall(rawValue: number).map { "\($0)" } ?? text(number), text(pointer)]
    if let invocation, info == Self.info(of: invocation) {
      parts.append("\(invocation)")
    } else {
      parts.append(text(info))
    }
    let used = words.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0
    parts += words.prefix(used).map(text)
    if passed != 0 { parts += ["pass", text(passed)] }
    if receiveSlot != 0 { parts += ["into", text(receiveSlot)] }
    return parts.joined(separator: " ")
  }

  init?(_ line: ArraySlice<String>) {
    var rest = line
    guard rest.count >= 3, let call = rest.popFirst().flatMap(callNumber),
      let pointer = rest.popFirst().flatMap(value), let info = rest.popFirst().flatMap(infoWord)
    else { return nil }
    self.init(call, pointer, info: info)
    for index in words.indices {
      guard let word = rest.first.flatMap(value) else { break }
      words[index] = word
      rest.removeFirst()
    }
    while let keyword = rest.popFirst() {
      guard let word = rest.popFirst().flatMap(value) else { return nil }
      switch keyword {
      case "pass": passed = word
      case "into": receiveSlot = word
      default: return nil
      }
    }
  }
}

private func text(_ word: UInt64) -> String { word < 256 ? "\(word)" : "0x" + String(word, radix: 16) }

private func value(_ word: String) -> UInt64? {
  word.hasPrefix("0x") ? UInt64(word.dropFirst(2), radix: 16) : UInt64(word)
}

private func callNumber(_ word: String) -> UInt64? {
  SystemCall.allCases.first { "\($0)" == word }?.rawValue ?? value(word)
}

private func infoWord(_ word: String) -> UInt64? {
  Invocation.allCases.first { "\($0)" == word }.map(CallRegisters.info) ?? value(word)
}
