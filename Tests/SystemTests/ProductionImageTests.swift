import Foundation
import Testing

@testable import TargetLink

/// `make kernel DEBUG=off`: what is not in the image cannot be asked for.
@Suite(.serialized) struct ProductionImageTests {
  @Test func `the production image holds no stub code`() throws {
    let symbols = try Program(["llvm-nm", BuiltFiles.production]).output
    #expect(symbols.contains("vesper_system_call"))
    for module in ["GDBStub", "GDBProtocol"] {
      #expect(!symbols.contains(module), "\(module) is in the image")
      let other = try Program(["llvm-nm", BuiltFiles.kernel]).output
      #expect(other.contains(module), "the debug image shows what to look for")
    }
    let image = try Data(contentsOf: URL(fileURLWithPath: BuiltFiles.production))
    for text in ["PacketSize=", "QStartNoAckMode", "org.gnu.gdb.aarch64.core"] {
      #expect(image.range(of: Data(text.utf8)) == nil, "\(text) is in the image")
    }
  }

  @Test(arguments: [BuiltFiles.production, BuiltFiles.kernel])
  func `the kernel uses no floating-point register but to save and load a domain's`(image: String) throws {
    let text = try Program([
      "llvm-objdump", "-d", "--no-show-raw-insn", "--no-leading-addr", "--section=.text",
      "--section=.boot_text", image,
    ]).output
    var function: Substring = ""
    var users: Set<Substring> = []
    for line in text.split(separator: "\n") {
      if let label = line.firstMatch(of: /^<(.+)>:$/) { function = label.1 }
      // Mapping symbol of data in between.
      if function == "$d" { continue }
      let operands = line.prefix { $0 != "<" && $0 != "/" }
      if operands.contains(/[\s{\[,]([bhsdq][0-9]+|v[0-9]+\.[0-9]*[bhsdq]|fp[cs]r)\b/.ignoresCase()) {
        users.insert(function)
      }
    }
    #expect(users == ["vesper_save_floating_point", "vesper_load_floating_point"])
  }

  @Test(arguments: [(BuiltFiles.production, []), (BuiltFiles.kernel, ["-append", "quiet debug=off"])])
  func `a system without the debug channel answers no packet and has no debug capability`(
    kernel: String, arguments: [String]
  ) throws {
    var settings = QEMUSettings(kernel: kernel)
    settings.arguments = arguments
    let machine = try QEMUMachine(settings)
    defer { machine.end() }
    do {
      let channel = try ChannelAddress.unixSocket(machine.serialPath).open()
      try machine.start()
      var text = ""
      let bound = Deadline.after(.seconds(60))
      while !text.contains("Vesper on"), !bound.hasPassed {
        text += String(
          decoding: try channel.receive(until: .after(.seconds(1)), during: "test"), as: UTF8.self)
      }
      #expect(text.contains("Vesper on"), "\(text)")
      try channel.send(Array("+$?#3f+$qSupported#37".utf8), until: .after(.seconds(10)), during: "test")
      let answer = try channel.receive(until: .after(.seconds(2)), during: "test")
      #expect(!answer.contains(UInt8(ascii: "$")), "\(answer)")
    }
    let said = try Program([BuiltFiles.vesper, "exec", "\(machine.gdb)", "caps"])
    #expect(said.output.contains("irq-control"), "\(said.output)\(said.errors)")
    #expect(!said.output.contains(/\bdebug\b/), "\(said.output)")
  }
}
