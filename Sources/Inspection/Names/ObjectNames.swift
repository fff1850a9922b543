/// Names of objects and slots by where they hang: `server.cnode[3]`.
///
/// A CNode hangs below the first Domain whose root leads to it, by the shortest way. Any other object is named by
/// its capability nearest to the root of the derivation tree.
package struct ObjectNames: Sendable {
  private let slots: [UInt64: SlotRecord]
  private let holders: [ObjectID: [UInt64]]
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

  private mutating func nameDomains() {
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

  private mutating func nameCNodes(_ snapshot: Snapshot) {
    var level: [(address: UInt64, name: String)] = []
    for domain in domains {
      guard let slot = snapshot.ownSlot("cnode", of: domain.address), slot.capability.kind == .cnode
      else { continue }
      level.append((slot.capability.address, name(ofDomain: domain.address) + ".cnode"))
    }
    for _ in 0..<Self.depthLimit where !level.isEmpty {
      var next: [(address: UInt64, name: String)] = []
      for (address, name) in level where cnodeNames[address] == nil && snapshot.cnodes[address] != nil {
        cnodeNames[address] = name
        for slot in snapshot.slots(ofCNode: address) where slot.capability.kind == .cnode {
          next.append((slot.capability.address, self.name(of: slot)))
        }
      }
      level = next
    }
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
    case .cnode(let address, let index): "\(name(ofCNode: address))[\(index)]"
    case .domain(let address, let index): "\(name(ofDomain: address)).\(ownSlotNames[index])"
    case .irq(let line): "irq[\(line)]"
    case .unknown: "slot@\(hexadecimal(slot.address))"
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
