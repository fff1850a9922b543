import Testing

@testable import TargetLink

struct MemoryReadingTests {
  /// A stub over a memory in which each byte is the low byte of its address, with at most `longest` in a reply.
  private func client(longest: Int, features: String = "PacketSize=1000") throws -> RemoteProtocolClient {
    let stub = FakeStub { request in
      if request.hasPrefix("qSupported") { return .reply(features) }
      let isSparse = request.hasPrefix("qvesper.Memory:")
      var bytes: [UInt8] = []
      var end: UInt64 = 0
      for range in request.dropFirst(isSparse ? 15 : 1).split(separator: ";") {
        let numbers = range.split(separator: ",").compactMap { UInt64($0, radix: 16) }
        let start = end &+ numbers[0]
        end = start &+ numbers[1]
        let readable = start..<min(max(start, 0x10000), max(start, end))
        bytes += readable.prefix(longest - bytes.count).map { UInt8(truncatingIfNeeded: $0) }
        if readable.upperBound != end { break }
      }
      guard !bytes.isEmpty else { return .reply("E0e") }
      if request.hasPrefix("m") { return .reply(hexadecimalDigits(bytes)) }
      let start = isSparse ? "b0,\(digits(UInt64(bytes.count))):" : "b"
      return .bytes(FakeStub.binaryFrame(Array(start.utf8) + bytes))
    }
    let client = RemoteProtocolClient(stub.channel)
    client.replyTimeout = .seconds(20)
    try client.negotiate()
    client.window = 4
    return client
  }

  private func expected(_ range: MemoryRange) -> [UInt8] {
    (0..<range.count).map { UInt8(truncatingIfNeeded: Int(range.address) + $0) }
  }

  @Test(
    arguments: [(longest: 4096, chunk: 64), (longest: 7, chunk: 64), (longest: 1, chunk: 3)],
    ["", ";binary-upload+", ";qvesper.Memory+", ";binary-upload+;qvesper.Memory+"])
  func `ranges are put together from pieces however short the replies are`(
    _ sizes: (longest: Int, chunk: Int), features: String
  ) throws {
    let ranges = [
      MemoryRange(address: 0x10, count: 150), MemoryRange(address: 0x1003, count: 1),
      MemoryRange(address: 0x20, count: 0),
    ]
    let client = try client(longest: sizes.longest, features: "PacketSize=1000" + features)
    #expect(try client.readMemory(ranges, chunkSize: sizes.chunk, for: "test") == ranges.map(expected))
  }

  @Test func `binary replies are read where the stub offers them`() throws {
    let client = try client(longest: 4096, features: "PacketSize=1000;binary-upload+")
    let range = MemoryRange(address: 0, count: 600)
    #expect(try client.readMemory([range], chunkSize: 256, for: "test") == [expected(range)])
  }

  @Test func `a range that is refused in part is nothing, and the others are read`() throws {
    let ranges = [
      MemoryRange(address: 0xfff0, count: 32), MemoryRange(address: 0x40, count: 4),
      MemoryRange(address: .max, count: 2), MemoryRange(address: 0, count: -1),
    ]
    for features in ["", ";qvesper.Memory+"] {
      let read = try client(longest: 4096, features: "PacketSize=1000" + features)
        .readMemory(ranges, chunkSize: 16, for: "test")
      #expect(read == [nil, expected(ranges[1]), nil, nil])
    }
  }

  @Test func `what is small is asked for together, and again from where an answer ends`() throws {
    let requests = Requests()
    let stub = FakeStub { request in
      requests.add(request)
      switch request {
      case "qvesper.Memory:10,1;f,2;1,8;6,1": return .reply("b0,5:abcde")
      case "qvesper.Memory:25,6;6,1": return .reply("E0e")
      case "x31,1": return .reply("bz")
      case _ where request.hasPrefix("qSupported"):
        return .reply("PacketSize=100;qvesper.Memory+;binary-upload+")
      default: return .reply("")
      }
    }
    let client = RemoteProtocolClient(stub.channel)
    client.replyTimeout = .seconds(20)
    try client.negotiate()
    let ranges = [(0x10, 1), (0x20, 2), (0x23, 8), (0x31, 1)].map { MemoryRange(address: $0, count: $1) }
    let read = try client.readMemory(ranges, chunkSize: 4, for: "test")
    #expect(read == [[0x61], [0x62, 0x63], nil, [0x7a]])
    #expect(requests.all.count == 4, "\(requests.all)")
  }

  @Test func `a stub that never gets on is given up`() throws {
    let stub = FakeStub { _ in .reply("00") }
    let client = RemoteProtocolClient(stub.channel)
    let read = try client.readMemory([MemoryRange(address: 0, count: 4096)], chunkSize: 4096, for: "test")
    #expect(read == [nil])
  }

  @Test(arguments: ["0011223344", "001", "zz"])
  func `a reply that is no memory, or more than was asked, ends the connection`(reply: String) throws {
    let client = RemoteProtocolClient(FakeStub { _ in .reply(reply) }.channel)
    #expect(throws: TargetError.protocolViolation(received: reply, during: "test")) {
      try client.readMemory([MemoryRange(address: 0, count: 4)], chunkSize: 4, for: "test")
    }
  }

  /// A client of a stub that can leave zeros out, and answers each request for memory so.
  private func client(answering reply: String) throws -> RemoteProtocolClient {
    let stub = FakeStub { request in
      if request.hasPrefix("qSupported") { return .reply("PacketSize=100;qvesper.Memory+") }
      return .reply(request.hasPrefix("qvesper.Memory:") ? reply : "E0e")
    }
    let client = RemoteProtocolClient(stub.channel)
    client.replyTimeout = .seconds(20)
    try client.negotiate()
    return client
  }

  @Test func `what is more than one plain reply holds is asked for without its zeros`() throws {
    let ranges = [MemoryRange(address: 0, count: 12)]
    let read = try client(answering: "b2,1:a1,0:").readMemory(ranges, chunkSize: 4, for: "test")
    // The last four of the twelve are asked for plainly again.
    #expect(read == [nil])
    let all = try client(answering: "b3,2:ab1,1:c5,0:").readMemory(ranges, chunkSize: 4, for: "test")
    #expect(all == [[0, 0, 0, 0x61, 0x62, 0, 0x63, 0, 0, 0, 0, 0]])
    #expect(try client(answering: "E0e").readMemory(ranges, chunkSize: 4, for: "test") == [nil])
  }

  @Test(arguments: [
    "", "x", "b", "b4", "b4,", "b4,0", "b4:", "b0,0:", "b9,0:", "b8,1:a", "b0,9:aaaaaaaaa", "b0,4:abc",
    "b8,0:0,0:", "b4,4:abcd0,1:a", "b4,4:abcdz", "b,:", "b-1,4:abcd", "b ffffffffffffffff,1:a",
    "bffffffffffffffff,1:a", "b1,ffffffffffffffff:a", "b7fffffffffffffff,7fffffffffffffff:",
    "b10000000000000000,0:",
  ])
  func `a sparse reply of another form, or that goes too far or nowhere, ends the connection`(reply: String)
    throws
  {
    let client = try client(answering: reply)
    #expect(throws: TargetError.protocolViolation(received: reply, during: "qvesper.Memory")) {
      try client.readMemory([MemoryRange(address: 0, count: 8)], chunkSize: 4, for: "test")
    }
  }

  @Test func `a stub that gets on by one byte at a time is given up`() throws {
    let requests = Counter()
    let stub = FakeStub { request in
      if request.hasPrefix("qSupported") { return .reply("PacketSize=100;qvesper.Memory+") }
      _ = requests.next()
      return .reply(request.hasPrefix("qvesper.Memory:") ? "b1,0:" : "00")
    }
    let client = RemoteProtocolClient(stub.channel)
    client.replyTimeout = .seconds(20)
    try client.negotiate()
    let range = MemoryRange(address: 0, count: 8192)
    #expect(try client.readMemory([range], chunkSize: 512, for: "test") == [nil])
    // 64 rounds of as many pieces as plain reads would be, and one for what each of the longer ones left over.
    #expect(requests.count <= 64 * 17)
  }
}
