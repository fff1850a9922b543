import Foundation
import GDBProtocol
import HostileStreams
import Testing

@testable import TargetLink

/// The kernel's stub with a client that sends nearly what clients send.
@Suite(.serialized) struct HostileLineTests {
  private static let requests = 10_000

  /// Packets that may change memory, let the system go on, or end the session.
  private static let changing = Set("MXGPZzcsCSkvRDQ".utf8)

  @Test func `ten thousand mutated packets change no memory, and each gets at most one answer`() throws {
    try RunningSystem.with { machine in
      let line = try HostileLine(machine)
      try line.ask("QStartNoAckMode")
      #expect(try line.ask("?").hasPrefix("$T"))
      let before = try memory(of: machine)
      var fuzzer = try StreamFuzzer(seed: 16)
      var sent = 0
      while sent < Self.requests {
        let request = fuzzer.request()
        if let first = request.first, Self.changing.contains(first) { continue }
        // A question of a new client would turn acknowledgements on again.
        if request.starts(with: "qSupported".utf8) || request.starts(with: "qRcmd".utf8) { continue }
        sent += 1
        let answer = try line.exchange(StreamFuzzer.frame(request))
        let answers = answer.count { $0 == UInt8(ascii: "$") }
        // But to the one question that takes several.
        let isAnswered =
          answers == 1
          || request.starts(with: "qvesper.Objects:".utf8) && answer.suffix(5) == Array("$l#6c".utf8)[...]
        #expect(isAnswered, "\(String(decoding: request, as: UTF8.self)) -> \(answer)")
        if !isAnswered { break }
      }
      #expect(try line.ask("qC").hasPrefix("$QC"))
      #expect(try memory(of: machine) == before)
      // The system goes on at once, and its console's text may come with the answer.
      #expect(try line.ask("D").hasPrefix("$OK#9a"))
    }
  }

  @Test(arguments: ["x", "m"])
  func `slots of a CNode that are empty take 20 times fewer bytes on the line`(packet: String) throws {
    try RunningSystem.with { machine in
      let listed = try Program([BuiltFiles.vesper, "exec", "\(machine.gdb)", "cnodes"]).output
      let table = try #require(listed.firstMatch(of: /client-b\.cnode +0x([0-9a-f]+) +256/)?.1, "\(listed)")
      // All but the first few slots are empty; what is read is as much as fits one packet.
      let slots = String(try #require(UInt64(table, radix: 16)) + 0xffff_0000_0000_0000 + 64 * 32, radix: 16)
      let count = packet == "x" ? 0xc00 : 0x600
      let line = try HostileLine(machine)
      try line.ask("QStartNoAckMode")
      let answer = try line.exchange(
        StreamFuzzer.frame(Array("\(packet)\(slots),\(String(count, radix: 16))".utf8)))
      let plain = packet == "x" ? count : 2 * count
      #expect(answer.count * 20 <= plain, "\(answer.count) bytes for \(plain)")
      #expect(try memory(in: answer, packet) == [UInt8](repeating: 0, count: count))
      #expect(try line.ask("qvesper.Memory:\(slots),c00").hasPrefix("$bc00,0:#"))
      try line.ask("D")
    }
  }

  @Test(arguments: ["R00", "vKill;1", "k"])
  func `a client starts the machine anew`(request: String) throws {
    try RunningSystem.with { machine in
      let line = try HostileLine(machine)
      try line.ask("QStartNoAckMode")
      #expect(try line.ask("?").hasPrefix("$T"))
      let said = try line.text(after: request, until: "client-b: the server reads")
      // Only `vKill` has an answer; the session is over, and text is plain.
      let answer = request.hasPrefix("vKill") ? "$OK#9a" : ""
      #expect(said.hasPrefix("\(answer)Vesper on"), "\(said)")
      #expect(said.contains("client-b: the server reads"), "it boots again: \(said)")
      #expect(said.count { $0 == "$" } == (answer.isEmpty ? 0 : 1), "\(said)")
    }
  }

  private func memory(in answer: [UInt8], _ packet: String) throws -> [UInt8] {
    let storage = PacketStorage(capacity: 8192)
    var receiver = PacketReceiver(buffer: storage.buffer, expandsRuns: true)
    for byte in answer where receiver.receive(byte) == .packet {
      let payload = receiver.payload.array
      return packet == "x" ? Array(payload.dropFirst()) : try #require(bytes(hexadecimal: payload))
    }
    return []
  }

  /// The kernel's code and constants, and the objects of user level, by QEMU's own stub.
  private func memory(of machine: QEMUMachine) throws -> Data {
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: file) }
    let commands = [
      "set confirm off", "target remote \(machine.gdbPath)",
      "dump binary memory \(file.path) &__text_start &__descriptor_end",
      "append binary memory \(file.path) 0xffff000048000000 0xffff000048100000", "detach",
    ]
    let said = try Program(
      ["gdb-multiarch", "-nx", "-batch"] + commands.flatMap { ["-ex", $0] } + [BuiltFiles.kernel])
    let data = try Data(contentsOf: file)
    #expect(data.count > 1 << 20, "\(said.output)\(said.errors)")
    return data
  }
}

/// The serial line as a client has it that waits for each answer.
private final class HostileLine {
  private let channel: ByteChannel

  init(_ machine: QEMUMachine) throws {
    channel = try ChannelAddress.unixSocket(machine.serialPath).open()
  }

  @discardableResult
  func ask(_ request: String) throws -> String {
    String(decoding: try exchange(StreamFuzzer.frame(Array(request.utf8))), as: UTF8.self)
  }

  /// Sends a packet and takes all that comes until `end` did, or the bound passes.
  func text(after request: String, until end: String) throws -> String {
    let bound = Deadline.after(.seconds(60))
    try channel.send(StreamFuzzer.frame(Array(request.utf8)), until: bound, during: "test")
    var text = ""
    while !text.contains(end), !bound.hasPassed {
      text += String(
        decoding: try channel.receive(until: .after(.seconds(1)), during: "test"), as: UTF8.self)
    }
    return text
  }

  /// Sends a packet and takes what comes up to the end of one, or of the last one where several answer it.
  func exchange(_ packet: [UInt8]) throws -> [UInt8] {
    try channel.send(packet, until: .after(.seconds(30)), during: "test")
    var answer: [UInt8] = []
    let bound = Deadline.after(.seconds(30))
    let mayTakeMany = packet.starts(with: "$qvesper.Objects:".utf8)
    func isWhole() -> Bool {
      let goesOn = mayTakeMany && answer.starts(with: "$m".utf8)
      return goesOn
        ? answer.suffix(5) == Array("$l#6c".utf8)[...] : answer.dropLast(2).contains(UInt8(ascii: "#"))
    }
    while !isWhole(), !bound.hasPassed {
      answer += try channel.receive(until: bound, during: "test")
    }
    return answer
  }
}
