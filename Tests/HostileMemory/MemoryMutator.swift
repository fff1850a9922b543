internal import KernelObjects
package import TestSupport

/// Makes a sound system's memory wrong in the ways that memory goes wrong, and in those that somebody would choose.
package struct MemoryMutator {
  private let target: HostileTarget
  /// Word indices that mean something: they are not zero.
  private let words: [Int]
  /// Word indices of slots that hold a capability, of those to CNodes, and of domains and tables.
  private let slots, cnodeSlots, domains, tables: [Int]
  private let pageWords = 512
  package var generator: SplitMix64

  package init(_ target: HostileTarget, _ places: HostileSystem.Places, seed: UInt64) {
    self.target = target
    generator = SplitMix64(seed: seed)
    words = places.words
    slots = places.slots
    cnodeSlots = places.cnodeSlots
    domains = places.domains
    tables = places.tables
  }

  /// A few changes; the first is of a kind that the seed alone chooses, so that all kinds are equally frequent.
  package mutating func mutate() {
    for _ in 0..<Int.random(in: 1...6, using: &generator) {
      switch Int.random(in: 0..<12, using: &generator) {
      case 0...1: spoilWord()
      case 2: nestCNode()
      case 3: changeSize()
      case 4: changeType()
      case 5: linkSlots()
      case 6: linkDomains()
      case 7: copyPage()
      case 8: scribble()
      case 9: linkTables()
      case 10: spoilDescriptor()
      default: truncate()
      }
    }
  }

  private mutating func pick(_ list: [Int]) -> Int { list.randomElement(using: &generator) ?? 0 }

  private mutating func address(_ list: [Int]) -> UInt64 { target.base + UInt64(pick(list)) * 8 }

  private mutating func spoilWord() {
    let index = pick(words)
    let old = target.word(index)
    let new: UInt64 =
      switch Int.random(in: 0..<9, using: &generator) {
      case 0: generator.next()
      case 1: .max
      case 2: 0
      case 3: old ^ 1 << UInt64.random(in: 0..<64, using: &generator)
      case 4: old &+ 8
      case 5: old &- 8
      case 6: old << 32 | old >> 32
      case 7: address(words)
      default: target.word(pick(words))
      }
    target.set(index, to: new)
  }

  /// A CNode within itself, or within one that it holds.
  private mutating func nestCNode() {
    let word = target.word(pick(cnodeSlots))
    target.set(pick(slots), to: word)
  }

  private mutating func changeSize() {
    let index = pick(cnodeSlots)
    let size = UInt64.random(in: 0..<64, using: &generator)
    target.set(index, to: Capability.sizeField.write(size, into: target.word(index)))
  }

  private mutating func changeType() {
    let index = pick(slots)
    let type = UInt64.random(in: 0..<32, using: &generator)
    target.set(index, to: Capability.typeField.write(type, into: target.word(index)))
  }

  /// The derivation tree: child and next are one word, previous and generation the other.
  private mutating func linkSlots() {
    let number = address(slots) >> 5
    let index = pick(slots) + Int.random(in: 2...3, using: &generator)
    let old = target.word(index)
    let isHigh = Bool.random(using: &generator)
    target.set(index, to: isHigh ? old & 0xffff_ffff | number << 32 : old & ~0xffff_ffff | number)
  }

  /// Any word of a domain leads to any domain.
  private mutating func linkDomains() {
    let index = pick(domains) + Int.random(in: 0..<MemoryLayout<Domain>.size / 8, using: &generator)
    target.set(index, to: address(domains))
  }

  private mutating func copyPage() {
    let from = pick(words) / pageWords * pageWords
    let to = pick(words) / pageWords * pageWords
    guard !target.isDescriptor(word: to) else { return }
    for word in 0..<pageWords where from + word < target.wordCount {
      target.set(to + word, to: target.word(from + word))
    }
  }

  private mutating func scribble() {
    let page = pick(words) / pageWords * pageWords
    guard !target.isDescriptor(word: page) else { return }
    for _ in 0..<16 {
      target.set(page + Int.random(in: 0..<pageWords, using: &generator), to: generator.next())
    }
  }

  private mutating func linkTables() {
    let index = pick(tables) + Int.random(in: 0..<512, using: &generator)
    let flags = UInt64.random(in: 0..<4096, using: &generator)
    target.set(index, to: address(tables) | flags | 1)
  }

  private mutating func spoilDescriptor() {
    guard Int.random(in: 0..<8, using: &generator) == 0 else { return spoilWord() }
    target.spoilDescriptor(using: &generator)
  }

  private mutating func truncate() {
    guard Int.random(in: 0..<8, using: &generator) == 0 else { return spoilWord() }
    target.visibleCount = Int.random(in: 0...target.bytes.count, using: &generator)
  }
}
