internal import Glibc
internal import SystemPackage

extension ByteChannel {
  /// Opens a serial line or pseudo-terminal raw, at 115200 baud, eight bits, no parity, no flow control.
  ///
  /// The settings the line had are restored when the channel is closed.
  package static func open(serialLine path: String) throws(TargetError) -> ByteChannel {
    let number = Glibc.open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
    guard number >= 0 else { throw .noSuchSocket(path: path, Errno(rawValue: errno)) }
    var settings = termios()
    guard tcgetattr(number, &settings) == 0 else {
      let error = Errno(rawValue: errno)
      Glibc.close(number)
      throw .noSuchSocket(path: path, error)
    }
    let found = settings
    cfmakeraw(&settings)
    settings.c_cflag |= tcflag_t(CLOCAL | CREAD)
    settings.c_cflag &= ~tcflag_t(CRTSCTS | UInt32(CSTOPB))
    cfsetspeed(&settings, speed_t(B115200))
    tcsetattr(number, TCSANOW, &settings)
    let channel = ByteChannel(adopting: FileDescriptor(rawValue: number), name: path, isSocket: false)
    channel.restoreTerminal(found)
    return channel
  }
}
