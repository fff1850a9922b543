/// Names of objects and slots by where they hang: `server.cnode[3]`.
///
/// A CNode hangs below the first Domain whose root leads to it, by the shortest way. Any other object is named by
/// its capability nearest to the root of the derivation tree.
package final class ObjectNames {
  private let slots: SlotTable
  private let holders: HolderTable
  private let ownSlotNames: [String]
  /// Domains in the order of their numbers.
  private let domains: [DomainRecord]
  /// By the Domain's physical address.
  private var domainNames: [UInt64: String] = [:]
  private var domainAddresses: [String: UInt64] = [:]
  /// By the CNode's physical address.
  private var cnodeNames: [UInt64: String] = [:]
  /// A CNode further from a Domain than this is named by its address.
  private static let depthLimit = 8

  init(_ snapshot: Snapshot) {
    slots = snapshot.slots
    holders = snapshot.holders
    ownSlotNames = snapshot.ownSlotNames
    domains = snapshot.orderedDomains
    nameDomains()
    nameCNodes(snapshot)
  }

  private func nameDomains() {
    // The number to try next for a name that is taken: a thousand of the same name are not tried a million times.
    var copies: [String: Int] = [:]
    for (index, domain) in domains.enumerated() {
      let stored = Self.selectable(domain.storedName)
      let base = stored.isEmpty ? "domain-\(index + 1)" : stored
      var name = base
      while domainAddresses[name] != nil {
        let copy = copies[base, default: 2]
        name = "\(base)#\(copy)"
        copies[base] = copy + 1
      }
      domainNames[domain.address] = name
      domainAddresses[name] = domain.address
    }
  }

  /// The name without what would read as something else in a selector.
  private static func selectable(_ name: String) -> String {
    let clean = String(name.map { $0.isLetter || $0.isNumber || "-_+#".contains($0) ? $0 : "_" })
    let reserved = ["origin", "irq", "slot"]
    let isOther = clean.first?.isNumber == true || clean.hasPrefix("-") || reserved.contains(clean)
    return isOther ? "domain-" + clean : clean
  }

  private func nameCNodes(_ snapshot: Snapshot) {
    var level: [(address: UInt64, name: String)] = []
    for domain in domains {
      guard let slot = snapshot.ownSlot("cnode", of: domain.address), slot.capability.kind == .cnode
      else { continue }
      level.append((slot.capability.address, name(ofDomain: domain.address) + ".cnode"))
    }
    let inner = Self.innerCNodes(snapshot)
    for _ in 0..<Self.depthLimit where !level.isEmpty {
      var next: [(address: UInt64, name: String)] = []
      for (address, name) in level where cnodeNames[address] == nil && snapshot.cnodes[address] != nil {
        cnodeNames[address] = name
        for slot in inner[address] ?? [] { next.append((slot.capability.address, self.name(of: slot))) }
      }
      level = next
    }
  }

  /// Capabilities to CNodes by the CNode that they are in, in the order of their slots.
  private static func innerCNodes(_ snapshot: Snapshot) -> [UInt64: [SlotRecord]] {
    var inner: [UInt64: [SlotRecord]] = [:]
    for slot in snapshot.slots.records where slot.capability.kind == .cnode {
      if case .cnode(let address, _) = slot.holder { inner[address, default: []].append(slot) }
    }
    return inner.mapValues { $0.sorted { $0.address < $1.address } }
  }

  package func name(ofDomain address: UInt64) -> String {
    domainNames[address] ?? "domain@\(hexadecimal(address))"
  }

  package func name(ofCNode address: UInt64) -> String {
    cnodeNames[address] ?? "cnode@\(hexadecimal(address))"
  }

  package func name(of slot: SlotRecord) -> String {
    switch slot.holder {
    case .origin: "origin"
    case .cnode(let address, let index): Self.element(index, of: name(ofCNode: address))
    case .domain(let address, let index): "\(name(ofDomain: address)).\(ownSlotNames[index])"
    case .irq(let line): "irq[\(line)]"
    case .unknown: "slot@\(hexadecimal(slot.address))"
    }
  }

  /// `NAME[INDEX]`, several times as fast as by interpolation: there is one for each capability.
  private static func element(_ index: UInt64, of name: String) -> String {
    var name = name
    return name.withUTF8 { prefix in
      String(unsafeUninitializedCapacity: prefix.count + 22) { text in
        _ = text.initialize(from: prefix)
        var digits = 1
        var rest = index / 10
        while rest > 0 {
          digits += 1
          rest /= 10
        }
        let end = prefix.count + 1 + digits
        text[prefix.count] = UInt8(ascii: "[")
        rest = index
        for place in stride(from: end - 1, to: prefix.count, by: -1) {
          text[place] = UInt8(ascii: "0") + UInt8(rest % 10)
          rest /= 10
        }
        text[end] = UInt8(ascii: "]")
        return end + 1
      }
    }
  }

  package func name(ofSlot address: UInt64) -> String {
    slots[address].map(name(of:)) ?? "slot@\(hexadecimal(address))"
  }

  package func name(of object: ObjectID) -> String {
    switch object.kind {
    case .domain: name(ofDomain: object.key)
    case .cnode: name(ofCNode: object.key)
    default:
      if let first = holders[object]?.first {
        name(ofSlot: first)
      } else {
        "\(object.kind.rawValue)@\(hexadecimal(object.key))"
      }
    }
  }

  /// The Domain called `name`, or whose number it is.
  package func domain(_ name: String) -> UInt64? {
    if let address = domainAddresses[name] { return address }
    guard let number = Int(name), number >= 1, number <= domains.count else { return nil }
    return domains[number - 1].address
  }

  package var domainList: [String] { domains.map { name(ofDomain: $0.address) } }
}
