import Testing

@testable import TargetLink

struct RemoteProtocolClientTests {
  private func client(_ script: @escaping FakeStub.Script) -> RemoteProtocolClient {
    let client = RemoteProtocolClient(FakeStub(script).channel)
    client.replyTimeout = .seconds(20)
    return client
  }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  @Test func `a reply with a wrong checksum is asked for again`() throws {
    let client = client { $0 == "-" ? .reply("1234") : .text("+$1235#ca") }
    #expect(text(try client.ask("m0,2", for: "test")) == "1234")
  }

  @Test func `a line on which every reply is damaged is given up`() throws {
    let client = client { _ in .text("$1235#00") }
    #expect(throws: TargetError.protocolViolation(received: "1235", during: "test")) {
      try client.ask("m0,2", for: "test")
    }
  }

  @Test func `a refused request is sent again`() throws {
    let attempts = Counter()
    let client = client { _ in attempts.next() < 2 ? .text("-") : .text("+$OK#9a") }
    #expect(text(try client.ask("qTest", for: "test")) == "OK")
    #expect(attempts.count == 3)
  }

  @Test func `a request that is refused for ever is given up`() throws {
    let client = client { _ in .text("-") }
    #expect(throws: TargetError.protocolViolation(received: "-", during: "test")) {
      try client.ask("qTest", for: "test")
    }
  }

  @Test func `a silent target is given up, and not waited for again`() throws {
    let client = client { _ in .nothing }
    client.replyTimeout = .milliseconds(50)
    for _ in 0..<2 {
      #expect(throws: TargetError.timedOut(waitingFor: "the answer to test")) {
        try client.ask("qTest", for: "test")
      }
      client.replyTimeout = .seconds(3600)
    }
  }

  @Test func `console text without any packet is named by the error`() throws {
    let client = RemoteProtocolClient(try talkingLine("login:\u{7}"))
    client.replyTimeout = .milliseconds(50)
    let error = #expect(throws: TargetError.self) { try client.ask("qTest", for: "test") }
    #expect(error?.description.contains("only text came: `login:.`") == true)
  }

  @Test func `console packets without end do not keep a question open`() throws {
    let client = RemoteProtocolClient(try floodedLine(FakeStub.frame("O41")))
    client.replyTimeout = .milliseconds(50)
    let error = #expect(throws: TargetError.self) { try client.ask("qTest", for: "test") }
    #expect(error?.description.contains("gave up waiting") == true)
  }

  @Test func `console packets without end do not keep a wait going`() throws {
    let client = RemoteProtocolClient(try floodedLine(FakeStub.frame("O41")))
    #expect(try client.nextStop(until: .after(.milliseconds(50)), for: "test") == nil)
  }

  @Test func `a target that dies in the middle of a packet has closed the connection`() throws {
    let requests = Counter()
    let client = client { _ in requests.next() == 0 ? .text("+$12") : .hangUp }
    try client.resume("first", for: "test")
    #expect(throws: TargetError.closed(during: "test")) { try client.ask("second", for: "test") }
  }

  @Test func `a packet longer than any that was asked for is refused`() throws {
    let huge = "$" + String(repeating: "ab", count: PacketLink.longestPayload) + "#00"
    let client = client { _ in .text(huge) }
    let error = #expect(throws: TargetError.self) { try client.ask("qTest", for: "test") }
    #expect(error?.endsConnection == true)
  }

  @Test func `runs are expanded`() throws {
    let client = client { _ in .packets(["0* "]) }
    #expect(text(try client.ask("m0,2", for: "test")) == "0000")
  }

  @Test func `text and console packets reach the console, and replies are still found`() throws {
    let client = client { _ in .bytes(Array("boot\n".utf8) + FakeStub.frame("O6869") + FakeStub.frame("OK")) }
    var console: [UInt8] = []
    client.onConsoleText = { console += $0 }
    #expect(text(try client.ask("qTest", for: "test")) == "OK")
    #expect(text(console) == "boot\nhi")
  }

  @Test func `a hyphen in a line of console text refuses nothing`() throws {
    let requests = Counter()
    let client = client { _ in
      _ = requests.next()
      return .bytes(Array("client-a: up\n".utf8) + Array("+".utf8) + FakeStub.frame("OK"))
    }
    var console: [UInt8] = []
    client.onConsoleText = { console += $0 }
    #expect(text(try client.ask("qTest", for: "test")) == "OK")
    #expect(text(console) == "client-a: up\n")
    #expect(requests.count == 1)
  }

  @Test func `a stop that is reported while memory is read is kept for who waits for it`() throws {
    let client = client { _ in .packets(["T05thread:2;swbreak:;", "00"]) }
    #expect(text(try client.ask("m0,1", for: "test")) == "00")
    #expect(try client.nextStop(until: .after(.zero), for: "test") == StopEvent(.breakpoint, thread: "2"))
    #expect(try client.nextStop(until: .after(.zero), for: "test") == nil)
  }

  @Test func `a reply that comes twice is not taken for the next one`() throws {
    let client = client { $0 == "first" ? .packets(["01", "01"]) : .reply("02") }
    #expect(text(try client.ask("first", for: "test")) == "01")
    #expect(text(try client.ask("second", for: "test")) == "02")
  }

  @Test func `requests are sent ahead of their replies, as many as the window allows`() throws {
    let requests = Counter()
    // Answers nothing before the window is full.
    let client = client { _ in
      switch requests.next() {
      case 0..<3: .nothing
      case 3: .packets(["00", "01", "02", "03"])
      case let number: .reply("0\(number)")
      }
    }
    client.window = 4
    let replies = try client.exchange((0..<6).map { Array("q\($0)".utf8) }, for: "test")
    #expect(replies.map(text) == ["00", "01", "02", "03", "04", "05"])
  }

  @Test func `a damaged reply among many is made good`() throws {
    let requests = Counter()
    let client = client { request in
      requests.next() == 2 ? .text("+$no#00") : .packets([request])
    }
    client.window = 4
    let replies = try client.exchange((0..<8).map { Array("q\($0)".utf8) }, for: "test")
    #expect(replies.map(text) == (0..<8).map { "q\($0)" })
  }

  @Test func `acknowledgements end where the stub agrees`() throws {
    let client = client { request in
      switch request {
      case "QStartNoAckMode": .text("+$OK#9a")
      case "qTest": .text("+$01#61")
      default: .text("+") + FakeStub.frame("PacketSize=1000;QStartNoAckMode+")
      }
    }
    var console: [UInt8] = []
    client.onConsoleText = { console += $0 }
    try client.negotiate()
    #expect(client.packetSize == 0x1000)
    #expect(text(try client.ask("qTest", for: "test")) == "01")
    // Outside of packets it is now text like any other.
    #expect(text(console) == "+")
  }

  @Test func `a stub that is late is greeted until it answers, and answers that come late are dropped`()
    throws
  {
    let greetings = Counter()
    let client = client { request in
      guard request.hasPrefix("qSupported") else { return .reply("02") }
      // All are answered in the end, as by a kernel that was still booting.
      let answers = [0, 0, 3]
      let number = greetings.next()
      return .packets(Array(repeating: "PacketSize=800", count: number < 3 ? answers[number] : 1))
    }
    try client.negotiate(repeatedEvery: .milliseconds(50), for: .seconds(20))
    #expect(client.packetSize == 0x800)
    #expect(text(try client.ask("qTest", for: "test")) == "02")
  }

  @Test(arguments: ["PacketSize=0", "PacketSize=ffffffffffffffffff", "PacketSize=", ";;=+;"])
  func `an absurd packet size is not believed`(features: String) throws {
    let client = client { _ in .reply(features) }
    try client.negotiate()
    #expect((64...PacketLink.longestPayload).contains(client.packetSize))
  }
}

private func + (answer: FakeStub.Answer, bytes: [UInt8]) -> FakeStub.Answer {
  if case .bytes(let first) = answer { .bytes(first + bytes) } else { answer }
}
