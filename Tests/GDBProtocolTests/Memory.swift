import GDBProtocol

/// A buffer for a receiver or a writer, alive as long as this object is.
final class Memory {
  private let storage: UnsafeMutableRawBufferPointer

  init(_ count: Int) {
    storage = .allocate(byteCount: count, alignment: 1)
  }

  convenience init(_ bytes: [UInt8]) {
    self.init(bytes.count)
    storage.copyBytes(from: bytes)
  }

  convenience init(_ text: String) {
    self.init(Array(text.utf8))
  }

  deinit { storage.deallocate() }

  var buffer: ByteBuffer { ByteBuffer(storage) }
}

extension ByteBuffer {
  var bytes: [UInt8] { withUnsafeBytes { Array($0) } }
  var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// What a receiver made of a stream, with the payloads copied out.
enum Received: Equatable {
  case packet(String)
  case notification(String)
  case abandoned(String)
  case damaged, tooLong, acknowledgement, refusal, interrupt
  case text(Character)
}

/// Feeds `stream` to a receiver and lists what came of it.
func receive(
  _ stream: [UInt8], capacity: Int = 4096, expandsRuns: Bool = false, takesNotifications: Bool = false,
  takesPlainAtOnce: Bool = false
) -> [Received] {
  let memory = Memory(capacity)
  let line = Memory(stream)
  return withExtendedLifetime((memory, line)) {
    var receiver = PacketReceiver(
      buffer: memory.buffer, expandsRuns: expandsRuns, takesNotifications: takesNotifications)
    var taken = 0
    return stream.enumerated().compactMap { index, byte -> Received? in
      if index < taken { return nil }
      if takesPlainAtOnce {
        let plain = receiver.receivePlain(line.buffer, from: index)
        taken = index + plain
        if plain > 0 { return nil }
      }
      return switch receiver.receive(byte) {
      case .pending: nil
      case .packet: .packet(receiver.payload.text)
      case .notification: .notification(receiver.payload.text)
      case .abandoned: .abandoned(receiver.payload.text)
      case .damaged: .damaged
      case .tooLong: .tooLong
      case .acknowledgement: .acknowledgement
      case .refusal: .refusal
      case .interrupt: .interrupt
      case .text(let byte): .text(Character(Unicode.Scalar(byte)))
      }
    }
  }
}

func receive(
  _ stream: String, capacity: Int = 4096, expandsRuns: Bool = false, takesNotifications: Bool = false
) -> [Received] {
  receive(
    Array(stream.utf8), capacity: capacity, expandsRuns: expandsRuns, takesNotifications: takesNotifications)
}
