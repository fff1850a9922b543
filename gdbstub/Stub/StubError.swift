/// Why a request was refused: the number of an `Enn` reply. The numbers are those of Linux's `errno.h` where
/// one fits.
enum StubError: UInt8 {
  /// EPERM: the target does not allow it, such as writing a read-only register.
  case refused = 0x01
  /// ESRCH: there is no such thread.
  case noThread = 0x03
  /// E2BIG: the packet is longer than `PacketSize`, or its answer would be.
  case tooLong = 0x07
  /// EFAULT: the memory cannot be accessed.
  case fault = 0x0e
  /// EBUSY: only possible while the target is stopped.
  case running = 0x10
  /// EINVAL: the packet does not have the form that the protocol gives it.
  case malformed = 0x16
  /// ENOSPC: no more breakpoints can be set.
  case tableFull = 0x1c
  /// ERANGE: the processor cannot watch exactly these addresses.
  case unsuitable = 0x22
  /// EPROTO: only possible without acknowledgements.
  case acknowledged = 0x47

  /// For clients that announced `error-message+`.
  var message: StaticString {
    switch self {
    case .refused: "the target does not allow this"
    case .noThread: "no such thread"
    case .tooLong: "packet too long"
    case .fault: "memory cannot be accessed"
    case .running: "the target is running"
    case .malformed: "malformed packet"
    case .tableFull: "no more breakpoints can be set"
    case .unsuitable: "the processor cannot watch exactly these addresses"
    case .acknowledged: "only after QStartNoAckMode"
    }
  }
}
