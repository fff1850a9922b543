import Foundation
import Testing

@testable import TargetLink

@Suite struct PacketLogTests {
  private let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path

  /// The lines without the time, their columns a space apart.
  private func lines() throws -> [String] {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let text = try String(contentsOfFile: path, encoding: .utf8)
    return text.split(separator: "\n").map { line in
      line.split(separator: " ").dropFirst().joined(separator: " ")
    }
  }

  @Test func `each packet is a line: when, which way, how long, what it is, and what it says`() throws {
    let stub = FakeStub { request in
      switch request {
      case "m0,4": .text("hello\n+$0* 11\\#38")
      case "qC": .text("$QC1#00")
      case "-": .text("$QC1#c5")
      default: .packets(["", "T05thread:2;", "O4142"])
      }
    }
    do {
      let client = RemoteProtocolClient(stub.channel, log: try PacketLog(path: path))
      _ = try client.ask("m0,4", for: "test")
      _ = try client.ask("qC", for: "test")
      try client.resume("vCont;c", for: "test")
      _ = try client.nextStop(until: .after(.seconds(30)), for: "test")
    }
    #expect(
      try lines().dropFirst().prefix(11) == [
        "sent 8 read memory m0,4",
        "received 6 text hello\\x0a",
        "received 1 acknowledgement +",
        "received 10 answer 000011\\\\",
        "sent 1 acknowledgement +",
        "sent 6 current thread qC",
        "received 7 damaged QC1",
        "sent 1 refusal -",
        "received 7 answer QC1",
        "sent 1 acknowledgement +",
        "sent 11 resume vCont;c",
      ])
  }

  @Test func `a packet is in the file before it is answered`() throws {
    let log = try PacketLog(path: path)
    log.note(.sent, count: 5, "question", Array("qC\u{1}\\".utf8))
    #expect(try lines().last == "sent 5 question qC\\x01\\\\")
    #expect(log.failure == nil)
  }

  @Test func `the file grows to its limit, and says so`() throws {
    let log = try PacketLog(path: path, limit: 400)
    for _ in 0..<100 { log.note(.received, count: 44, "answer", Array(repeating: 0x61, count: 40)) }
    let size = try #require(
      FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
    #expect(size < 500)
    #expect(try lines().last == "log ends here: it has reached 400 bytes")
    #expect(log.failure == nil)
  }

  @Test func `a file that cannot be made, or takes nothing, is an error`() {
    #expect(throws: (any Error).self) { try PacketLog(path: "/nowhere/packets.log") }
    #expect(throws: (any Error).self) { try PacketLog(path: "/dev/full") }
  }

  @Test func `every packet that a client sends has a name`() {
    for request in ["qSupported:a+", "qXfer:features:read:target.xml:0,40", "vCont;c", "vCont?", "Z0,10,4"] {
      #expect(!PacketName.ofRequest(Array(request.utf8)).hasPrefix(request.prefix(4)), "\(request)")
    }
    #expect(PacketName.ofRequest(Array("qnew.Thing:1".utf8)) == "qnew.Thing")
    #expect(PacketName.ofRequest([0xff]) == "unknown request")
    #expect(PacketName.ofRequest([]) == "empty packet")
    let replies = ["": "not supported", "OK": "done", "E01": "error", "E.no": "error", "O41": "console text"]
    for (reply, name) in replies { #expect(PacketName.ofReply(Array(reply.utf8)) == name) }
  }
}
