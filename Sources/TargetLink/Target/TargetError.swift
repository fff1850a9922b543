package import SystemPackage

/// What can go wrong between the debugger and a target. Each renders as a sentence that says what to do.
package enum TargetError: Error, Equatable, Sendable {
  /// There is no socket or device at `path`, or it may not be opened.
  case noSuchSocket(path: String, Errno)
  /// The address exists but nothing accepts connections there.
  case refused(address: String, Errno)
  /// The other side closed the connection, or it was detached from, while doing `operation`.
  case closed(during: String)
  /// The other side did not answer in time.
  case timedOut(waitingFor: String)
  /// The operating system failed the transfer.
  case inputOutput(during: String, Errno)
  /// What arrived is not the protocol; `received` is the beginning of it in printable form.
  case protocolViolation(received: String, during: String)
  /// The target says there is nothing to read at `address`.
  case unreadable(address: UInt64, count: Int)
  /// The target refused to write at `address`.
  case unwritable(address: UInt64, count: Int)
  /// The target understood, and answered with error `code`.
  case refusedByTarget(operation: String, code: UInt8)
  /// The operation needs the system stopped, and it runs.
  case running(operation: String)
  /// The system goes on running although it was asked to stop.
  case didNotStop
  /// The target has no register called this.
  case noSuchRegister(String)
  /// There is no file at `path`, or it may not be opened.
  case noSuchFile(path: String, Errno)
  /// The file is not what it should be.
  case unusableFile(path: String, reason: String)
  /// No QEMU, or more than one, is called this; `list` has the process numbers of those that run.
  case noSuchEmulator(String, list: [Int32])
  /// The operating system forbids this user to look at the process.
  case notPermitted(processID: Int32, reason: String)
  /// The guest's memory cannot be told from what else the process has.
  case memoryNotFound(processID: Int32, reason: String)
  /// Somebody asked to end what was being done.
  case interrupted
  /// This way in cannot do that at all.
  case notSupported(operation: String, way: String)

  /// Whether the connection is gone, so that nothing more can be asked.
  package var endsConnection: Bool {
    switch self {
    case .noSuchSocket, .refused, .closed, .timedOut, .inputOutput, .protocolViolation, .noSuchEmulator,
      .notPermitted, .memoryNotFound, .noSuchFile, .unusableFile:
      true
    case .unreadable, .unwritable, .refusedByTarget, .running, .didNotStop, .noSuchRegister,
      .interrupted, .notSupported:
      false
    }
  }
}

extension TargetError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noSuchSocket(let path, let errno):
      "cannot open \(path): \(errno); check the path, and that the system is still running (`vesper ps`)"
    case .refused(let address, let errno):
      "cannot connect to \(address): \(errno); check that something listens there (`vesper ps`)"
    case .closed(let operation):
      "the target closed the connection while \(operation); it may have ended: look with `vesper ps`"
    case .timedOut(let what):
      "gave up waiting for \(what); the target may be paused, held by another debugger, or no Vesper kernel"
    case .inputOutput(let operation, let errno):
      "the connection failed while \(operation): \(errno); attach again"
    case .protocolViolation(let received, let operation):
      "received `\(received)` while \(operation), which is not the GDB remote protocol; check what is on this line"
    case .unreadable(let address, let count):
      "the target cannot read \(count) bytes at \(hexadecimal(address)); check the address"
    case .unwritable(let address, let count):
      "the target cannot write \(count) bytes at \(hexadecimal(address)); check the address"
    case .refusedByTarget(let operation, let code):
      "the target refused \(operation) with error \(code)"
    case .running(let operation):
      "\(operation) needs the system stopped; use `interrupt` first"
    case .didNotStop:
      "the system was asked to stop and still runs; try `interrupt` again, or the stub of its QEMU"
    case .noSuchRegister(let name):
      "the target has no register `\(name)`; `registers` lists those it has"
    case .noSuchFile(let path, let errno):
      "cannot open \(path): \(errno); check the path"
    case .unusableFile(let path, let reason):
      "cannot use \(path): \(reason)"
    case .noSuchEmulator(let name, let list):
      list.isEmpty
        ? "no QEMU of this machine has the process number or `-name` \(printable(name.utf8)); `vesper ps` lists them"
        : "\(list.count) QEMUs are called \(printable(name.utf8)); name one by its process: "
          + list.map { "qemu:\($0)" }.joined(separator: ", ")
    case .notPermitted(let processID, let reason):
      "the memory of process \(processID) may not be read: \(reason)"
    case .memoryNotFound(let processID, let reason):
      "the guest's memory is not found in process \(processID): \(reason)"
    case .interrupted:
      "interrupted: there is no answer"
    case .notSupported(let operation, let way):
      "\(operation) is not possible over \(way); attach another way (`vesper ps` lists them)"
    }
  }
}

/// `0x` and the digits of `value`, without leading zeros.
func hexadecimal(_ value: UInt64) -> String {
  "0x" + String(value, radix: 16)
}
