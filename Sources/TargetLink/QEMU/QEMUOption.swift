/// One option of a QEMU command line and its value.
struct QEMUOption: Equatable {
  /// Without the dash, or the two.
  var name: String
  /// Empty for an option that takes none.
  var value: String

  /// Reads the arguments after the program's name. What is no option (a disk image) is left out.
  static func parse(_ arguments: some Sequence<String>) -> [QEMUOption] {
    var options: [QEMUOption] = []
    var rest = arguments.makeIterator()
    while let argument = rest.next() {
      guard argument.hasPrefix("-") else { continue }
      let name = String(argument.dropFirst(argument.hasPrefix("--") ? 2 : 1))
      let value = withoutValue.contains(name) ? "" : rest.next() ?? ""
      options.append(QEMUOption(name: name, value: value))
    }
    return options
  }

  /// Any other option is followed by its value, which may look like an option (`-append -s`).
  ///
  /// Source: the entries without HAS_ARG in QEMU 7.2's qemu-options.hx.
  private static let withoutValue: Set<String> = [
    "S", "alt-grab", "ctrl-grab", "curses", "daemonize", "enable-fips", "enable-kvm", "full-screen", "h",
    "help", "mem-prealloc", "no-acpi", "no-fd-bootchk", "no-hpet", "no-reboot", "no-shutdown",
    "no-user-config", "nodefaults", "nographic", "old-param", "only-migratable", "portrait", "preconfig",
    "s", "sdl", "semihosting", "show-cursor", "singlestep", "snapshot", "usb", "version", "win2k-hack",
    "xen-attach", "xen-domid-restrict",
  ]
}

/// QEMU's `first,key=value,flag` lists, in which `,,` stands for a comma.
struct QEMUKeyValues {
  /// What comes first without a key.
  private(set) var first: String?
  private var values: [String: String] = [:]

  init(_ text: String) {
    for (index, part) in Self.split(text).enumerated() {
      if let (key, value) = part.splitOnce(at: "=") {
        values[key] = value
      } else if index == 0 {
        first = part
      } else {
        // The older form of a switch: `server`, `nowait`.
        values[part.hasPrefix("no") ? String(part.dropFirst(2)) : part] = part.hasPrefix("no") ? "off" : "on"
      }
    }
  }

  subscript(key: String) -> String? { values[key] }

  private static func split(_ text: String) -> [String] {
    var parts = [""]
    var rest = text[...]
    while let character = rest.popFirst() {
      if character != "," {
        parts[parts.count - 1].append(character)
      } else if rest.first == "," {
        parts[parts.count - 1].append(",")
        rest.removeFirst()
      } else {
        parts.append("")
      }
    }
    return parts
  }
}
