import GDBProtocol
import TestSupport
import Testing

@Suite struct PacketReceiverTests {
  @Test func `a packet with the right checksum is received`() {
    #expect(receive("$OK#9a") == [.packet("OK")])
    #expect(receive("$#00") == [.packet("")])
    #expect(receive("$OK#9A") == [.packet("OK")])
  }

  @Test func `what stands between packets is told apart`() {
    #expect(
      receive("+$OK#9a-\u{3}a") == [.acknowledgement, .packet("OK"), .refusal, .interrupt, .text("a")])
  }

  @Test func `acknowledgement bytes inside a packet are data`() {
    #expect(receive("$+-\u{3}#5b") == [.packet("+-\u{3}")])
  }

  @Test func `a wrong checksum damages the packet and not the next`() {
    #expect(receive("$OK#9b$OK#9a") == [.damaged, .packet("OK")])
    #expect(receive("$OK#zz$OK#9a") == [.damaged, .packet("OK")])
  }

  @Test func `an escaped byte is restored`() {
    #expect(receive("$}\u{4}}\u{3}}]}\n#62") == [.packet("$#}*")])
  }

  @Test func `an escape without its byte is damage`() {
    #expect(receive("$a}#de") == [.damaged])
  }

  @Test func `a new packet start abandons what had come of the old one`() {
    #expect(receive("$m0,10$OK#9a") == [.abandoned("m0,10"), .packet("OK")])
    #expect(receive("$OK#$OK#9$$OK#9a").last == .packet("OK"))
  }

  @Test func `what is taken at once is what byte by byte is received`() {
    var random = SplitMix64(seed: 8)
    // Not every packet has special bytes, and none but them, so that there are long runs of plain ones.
    let special = Array("$#}*+".utf8)
    for round in 0..<2000 {
      var stream = Array("$".utf8)
      for _ in 0..<Int.random(in: 0..<60, using: &random) {
        let isSpecial = Int.random(in: 0..<(round % 40 + 2), using: &random) == 0
        stream.append(
          isSpecial ? special[.random(in: 0..<5, using: &random)] : .random(in: 0...255, using: &random))
      }
      let sum = stream.dropFirst().reduce(UInt8(0), &+)
      stream += Array("#".utf8) + [Hexadecimal.digit(sum >> 4), Hexadecimal.digit(sum)]
      let capacity = Int.random(in: 1..<80, using: &random)
      #expect(
        receive(stream, capacity: capacity, takesPlainAtOnce: true) == receive(stream, capacity: capacity),
        "\(stream)")
    }
  }

  @Test func `a client expands runs and a stub does not`() {
    #expect(receive("$0* #7a", expandsRuns: true) == [.packet("0000")])
    #expect(receive("$0* #7a") == [.packet("0* ")])
  }

  @Test func `a run with nothing to repeat or a bad count is damage`() {
    #expect(receive("$* #4a", expandsRuns: true) == [.damaged])
    #expect(receive("$0*\u{1f}#79", expandsRuns: true) == [.damaged])
    #expect(receive("$0*\u{7f}#d9", expandsRuns: true) == [.damaged])
    #expect(receive("$0*#5a", expandsRuns: true) == [.damaged])
  }

  @Test func `a notification is received only by who asked for them`() {
    #expect(receive("%Stop:T05#99", takesNotifications: true) == [.notification("Stop:T05")])
    #expect(receive("%O") == [.text("%"), .text("O")])
  }

  @Test func `a packet of exactly the buffer's size fits and a longer one is refused whole`() {
    #expect(receive("$abcd#8a", capacity: 4) == [.packet("abcd")])
    #expect(receive("$abcde#ef$OK#9a", capacity: 4) == [.tooLong, .packet("OK")])
    #expect(receive("$0*~#d8", capacity: 4, expandsRuns: true) == [.tooLong])
  }

  @Test func `a receiver without any buffer still receives the empty packet`() {
    #expect(receive("$#00$a#61", capacity: 0) == [.packet(""), .tooLong])
  }

  @Test func `no stream of bytes brings it out of step`() {
    var generator = SplitMix64(seed: 1)
    for _ in 0..<5_000 {
      let noise = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
      // Whatever came before, a full packet after it is understood.
      let received = receive(noise + Array("$OK#9a".utf8), expandsRuns: true, takesNotifications: true)
      #expect(received.last == .packet("OK"), "after \(noise)")
    }
  }
}
