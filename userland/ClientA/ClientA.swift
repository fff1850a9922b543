internal import KernelObjects
internal import LibVesper
internal import ServerProtocol

/// Calls the server with words for ever and checks each answer.
@main
struct ClientA {
  private let program = Program(name: "client-a")
  private let server = EndpointCapability(ProgramSlot.endpoint.pointer)

  static func main() { ClientA().run() }

  private func run() -> Never {
    do {
      var number: UInt64 = 0
      while true {
        number &+= 1
        try sumWords(number)
        if number == 1 { program.console.print("the server sums words") }
      }
    } catch {
      program.stop(at: "call", error)
    }
  }

  private func sumWords(_ number: UInt64) throws(Refusal) {
    let request = Message(
      label: ServerRequest.sumWords.rawValue, words: [number, number &* 2, number &* 4])
    let answer = try server.call(request).message
    guard answer.label == ServerAnswer.sum.rawValue, answer.words[0] == number &* 7 else {
      program.console.print("wrong answer to call \(number)")
      program.stop()
    }
  }
}
