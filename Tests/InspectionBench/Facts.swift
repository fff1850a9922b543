internal import Inspection
internal import TargetLink

/// What the scripts for other debuggers are told about the kernel.
struct Facts {
  let json: String

  struct Unlike: Error, CustomStringConvertible {
    let description = "the kernel's slots are not as walk.py reads them"
  }

  init(_ layouts: KernelLayouts, _ snapshot: Snapshot) throws {
    let descriptor = layouts.descriptor
    let fields = try ["word0", "word1", "child", "next", "previous", "generation"].map {
      try descriptor.integer("Slot", $0)
    }
    guard fields.map(\.offset) == [0, 8, 16, 20, 24, 28], fields.map(\.size) == [8, 8, 4, 4, 4, 4] else {
      throw Unlike()
    }
    let lines = try descriptor.table("KernelState", "irqs", of: "IRQEntry")
    let notification = try descriptor.field("IRQEntry", "notification").offset
    let ownSlots = snapshot.ownSlots.map { "[\"\($0.name)\", \($0.offset)]" }.joined(separator: ", ")
    let types = layouts.capability.typeNames.sorted { $0.key < $1.key }
      .map { "\"\($0.key)\": \"\($0.value)\"" }.joined(separator: ", ")
    json = """
      {"state": \(layouts.constants.state), "rootDomain": \(snapshot.state.rootDomain),
       "origin": \(try descriptor.field("KernelState", "origin").offset),
       "lines": {"offset": \(lines.offset + notification), "stride": \(lines.stride), "count": \(lines.count)},
       "ownSlots": [\(ownSlots)], "domainName": \(try descriptor.field("Domain", "name").offset),
       "generations": [\(snapshot.state.generations), \(snapshot.state.generationBase)],
       "parentTag": \(layouts.constants.slotParentTag), "rights": [\(try Self.rights(descriptor))],
       "bits": {\(try Self.bits(descriptor))}, "types": {\(types)}}
      """
  }

  /// The masks of read, write and grant.
  private static func rights(_ descriptor: KernelDescriptor) throws -> String {
    try ["read", "write", "grant"].map { String(1 << (try descriptor.bits("Rights", $0)).shift) }
      .joined(separator: ", ")
  }

  /// By the names that walk.py has: the word, the shift and the mask behind it.
  private static func bits(_ descriptor: KernelDescriptor) throws -> String {
    let capability = [
      "type", "address", "rights", "size", "guardSize", "watermark", "device", "replyMaster", "sliceStart",
      "sliceCount",
    ].map { (name: $0, object: "Capability", field: $0) }
    let link = [("linked", "linked"), ("linkPage", "page"), ("linkIndex", "index")].map {
      (name: $0.0, object: "TableLink", field: $0.1)
    }
    return try (capability + link).map { name, object, field in
      let range = try descriptor.bits(object, field)
      // A capability's second word has the link.
      let word = object == "TableLink" ? 1 : range.word
      return "\"\(name)\": [\(word), \(range.shift), \(UInt64(1) << UInt64(range.width) - 1)]"
    }.joined(separator: ", ")
  }
}
