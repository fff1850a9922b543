internal import GDBProtocol

// What `qXfer` transfers besides the target's description, in XML.
extension GDBStub {
  /// `qXfer:threads:read`: all threads, or those that can be held.
  static func writeThreads(of target: Target, listsAll: Bool, into text: inout ReplyText) {
    text.markup("<?xml version=\"1.0\"?>\n<threads>\n")
    var thread = target.thread(after: nil)
    while let one = thread, !text.isFull {
      thread = target.thread(after: one)
      if !listsAll, !target.canHold(one) { continue }
      text.markup("<thread id=\"")
      text.append(hexadecimal: one.number)
      text.markup("\" core=\"0\">")
      text.escapesMarkup = true
      target.describe(one, in: &text)
      text.escapesMarkup = false
      text.markup("</thread>\n")
    }
    text.markup("</threads>\n")
  }

  /// `qXfer:memory-map:read`. All of it is called RAM: for gdb, ROM is where it sets no software breakpoints.
  static func writeMemoryMap(of target: Target, into text: inout ReplyText) {
    text.markup("<?xml version=\"1.0\"?>\n<memory-map>\n")
    var index = 0
    while let region = target.memoryMapRegion(at: index), !text.isFull {
      text.markup("<memory type=\"ram\" start=\"0x")
      text.append(hexadecimal: region.start)
      text.markup("\" length=\"0x")
      text.append(hexadecimal: region.length)
      text.markup("\"/>\n")
      index &+= 1
    }
    text.markup("</memory-map>\n")
  }

  /// `qXfer:osdata:read:TABLE`; without a name, the table of tables.
  mutating func replyTable(_ name: PacketCursor, _ packet: inout PacketCursor) {
    if name.isAtEnd {
      return replyDocument(&packet) { _, text in
        Self.writeTable("types", into: &text) { Self.writeTableList(into: &$0) }
      }
    }
    var index = 0
    while let table = Target.table(at: index) {
      if name.isExactly(table.name) {
        return replyDocument(&packet) { target, text in
          Self.writeTable(table.name, into: &text) { target.writeRows(ofTable: index, into: &$0) }
        }
      }
      index &+= 1
    }
    reply(.malformed)
  }

  private static func writeTable(
    _ type: StaticString, into text: inout ReplyText, _ writeRows: (inout TableRows) -> Void
  ) {
    text.markup("<?xml version=\"1.0\"?>\n<osdata type=\"")
    text.append(type)
    text.markup("\">\n")
    var rows = TableRows(text: text)
    writeRows(&rows)
    text = rows.text
    text.markup("</osdata>\n")
  }

  private static func writeTableList(into rows: inout TableRows) {
    var index = 0
    while let table = Target.table(at: index) {
      rows.row {
        $0.column("Type", table.name)
        $0.column("Description", table.description)
        $0.column("Title", table.title)
      }
      index &+= 1
    }
  }
}
