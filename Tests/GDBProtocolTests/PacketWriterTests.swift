import GDBProtocol
import TestSupport
import Testing

/// The packet that `body` builds, as it goes over the wire; nil if it does not fit.
private func write(capacity: Int = 4096, runs: Bool = false, _ body: (inout PacketWriter) -> Void) -> String?
{
  let memory = Memory(capacity)
  return withExtendedLifetime(memory) {
    var writer = PacketWriter(buffer: memory.buffer, encodesRuns: runs)
    writer.begin()
    body(&writer)
    return writer.end()?.text
  }
}

@Suite struct PacketWriterTests {
  @Test func `a packet carries its checksum`() {
    #expect(write { $0.append("OK") } == "$OK#9a")
    #expect(write { _ in } == "$#00")
  }

  @Test func `a notification starts with a percent sign`() {
    let memory = Memory(64)
    var writer = PacketWriter(buffer: memory.buffer)
    writer.begin(Framing.notificationStart)
    writer.append("Stop:T05")
    #expect(writer.end()?.text == "%Stop:T05#99")
  }

  @Test func `numbers are written without leading zeros`() {
    #expect(write { $0.append(number: 0) } == "$0#30")
    #expect(write { $0.append(number: 0x1f) } == "$1f#97")
    #expect(write { $0.append(number: .max) } == "$ffffffffffffffff#60")
  }

  @Test func `registers are written least significant byte first`() {
    #expect(write { $0.append(littleEndian: 0x1234_5678, bytes: 4) } == "$78563412#a4")
  }

  @Test func `bytes that frame packets are escaped`() {
    #expect(write { for byte in "$#}*".utf8 { $0.append(binary: byte) } } == "$}\u{4}}\u{3}}]}\n#62")
  }

  @Test func `the same byte many times is sent as a run`() {
    #expect(write(runs: true) { $0.append("0000") } == "$0* #7a")
    #expect(write(runs: true) { $0.append("000") } == "$000#90")
    #expect(write(runs: false) { $0.append("0000") } == "$0000#c0")
  }

  @Test func `a run whose count would be a frame byte is split`() {
    // 6 repeats would be `#`, 7 would be `$`.
    #expect(write(runs: true) { $0.append("0000000") } == "$0*\"0#ac")
    #expect(write(runs: true) { $0.append("00000000") } == "$0*\"00#dc")
  }

  @Test func `no run starts at an escaped byte`() {
    let text = write(runs: true) {
      $0.append(binary: 0x2a)
      for _ in 0..<5 { $0.append(binary: 0x0a) }
    }
    #expect(text == "$}\n\n*!#dc")
  }

  @Test func `a packet that does not fit is refused at its end`() {
    #expect(write(capacity: 6) { $0.append("OK") } == "$OK#9a")
    #expect(write(capacity: 5) { $0.append("OK") } == nil)
    #expect(write(capacity: 0) { _ in } == nil)
  }

  @Test func `room tells how much more fits`() {
    for capacity in 4...40 {
      let memory = Memory(capacity)
      var writer = PacketWriter(buffer: memory.buffer, encodesRuns: true)
      writer.begin()
      var count = 0
      while writer.room > 0 {
        writer.append(count % 3 == 0 ? 0x61 : 0x62)
        count += 1
      }
      #expect(count == capacity - Framing.overhead)
      #expect(writer.end() != nil)
    }
  }

  @Test func `what is written is what is received, for any bytes`() {
    var generator = SplitMix64(seed: 2)
    for round in 0..<3_000 {
      // Few different values, so that runs and escapes meet.
      let alphabet: [UInt8] = [
        0x00, 0x03, 0x0a, 0x23, 0x24, 0x2a, 0x5d, 0x7d, UInt8.random(in: 0...255, using: &generator),
      ]
      let data = (0..<Int.random(in: 0...20, using: &generator)).flatMap { _ in
        Array(
          repeating: alphabet.randomElement(using: &generator)!,
          count: Int.random(in: 1...110, using: &generator))
      }
      let memory = Memory(8192)
      var writer = PacketWriter(buffer: memory.buffer, encodesRuns: true)
      writer.begin()
      for byte in data { writer.append(binary: byte) }
      let wire = writer.end()?.bytes ?? []
      let received = receive(wire, expandsRuns: true)
      #expect(received == [.packet(String(decoding: data, as: UTF8.self))], "round \(round)")
      #expect(!wire.dropFirst().dropLast(3).contains(0x24))
    }
  }
}
