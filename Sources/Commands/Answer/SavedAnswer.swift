internal import Inspection

extension Answer {
  /// Says what is in a core file.
  package init(saved: SavedMemory, as file: String) {
    self.init(
      "saved",
      [
        .init("file", "file", Cell(file.printable, json: .string(file))),
        .init("memory", "size", .size(saved.size)), .init("missing", "missing", .size(saved.missing)),
      ])
    switch saved.consistency {
    case .consistent:
      add("consistency", [], .string("consistent"))
    case .torn(let before, let after):
      add("consistency", [], .string("torn"))
      // The same odd number twice: a machine that stands still, where only its memory is seen.
      let change =
        before == after
        ? "was changing its objects when they were saved (epoch \(before))"
        : "changed its objects while they were saved (epoch \(before), then \(after))"
      note(
        "the kernel \(change): parts may contradict each other; `vesper save --stop` by serial: or gdb: stops it "
          + "for that moment")
    case .amidChange:
      add("consistency", [], .string("amid-change"))
      note("the processor is stopped within the kernel, which is changing its objects")
    }
    if saved.missing > 0 { note("what could not be read is zeros in the file") }
  }
}
