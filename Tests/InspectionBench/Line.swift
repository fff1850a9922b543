internal import TargetLink

/// What the serial line of a QEMU carries.
enum Line {
  /// In bytes a second, when the guest `flood` does nothing but send.
  static func rate(flood: String) throws -> Double {
    let machine = try QEMUMachine(QEMUSettings(kernel: flood))
    defer { machine.end() }
    let channel = try ByteChannel.connect(unixSocket: machine.serialPath)
    try machine.start()
    // It waits for a byte: while a full socket is not read, QEMU's monitor does not answer.
    try channel.send([0], until: .after(.seconds(10)), during: "measuring")
    // Not the time that QEMU takes to begin.
    _ = try channel.receive(until: .after(.seconds(10)), during: "measuring")
    let start = ContinuousClock.now
    var count = 0
    // As long as what is compared with it: in less, the fastest of some attempts is faster.
    while ContinuousClock.now - start < .seconds(6) {
      count += try channel.receive(until: .after(.seconds(10)), during: "measuring").count
    }
    return Double(count) / (ContinuousClock.now - start).seconds
  }
}
