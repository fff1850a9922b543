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
    guard fields.map(\.offset) == [0, 8, 16, 20, 24, 28], fields.map(\.size) == [8, 8, 4, 4, 4, 4],
      let root = snapshot.cnodes[snapshot.state.rootCNode]
    else { throw Unlike() }
    let bits = try ["type", "address", "rights", "size"].map { name in
      let range = try descriptor.bits("Capability", name)
      guard range.word == 0 else { throw Unlike() }
      return "\"\(name)\": [\(range.shift), \(UInt64(1) << UInt64(range.width) - 1)]"
    }
    let types = layouts.capability.typeNames.sorted { $0.key < $1.key }.map {
      "\"\($0.key)\": \"\($0.value)\""
    }
    json = """
      {"root": [\(root.address), \(root.radix)], "bits": {\(bits.joined(separator: ", "))},
       "types": {\(types.joined(separator: ", "))}}
      """
  }
}
