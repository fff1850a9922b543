internal import Glibc
internal import SystemPackage

/// A system behind the stub of a QEMU that was started without one (`monitor:`): its monitor opens the stub.
///
/// The stub is closed again in the end, and the machine runs if it ran. The monitor is held meanwhile, since it
/// serves one client. Checked with QEMU 7.2, in which closing the stub leaves the machine paused.
package final class MonitoredStubTarget: QEMUStubTarget {
  private let monitor: QEMUMonitor
  private let folder: TemporaryFolder
  private var isClosed = false

  /// Opens the stub of the QEMU that `name` names, its process number or its `-name`.
  package static func attach(
    to name: String, timeout: Duration, log: PacketLog? = nil
  ) throws(TargetError) -> QEMUStubTarget {
    let emulator = try QEMUDiscovery.emulator(named: name)
    // The one it has may be in use; another would take its place.
    if let own = emulator.waysIn.first(where: { !$0.isNoStubOfEmulator }), case .gdb(let address) = own {
      return try QEMUStubTarget.attach(to: address, timeout: timeout, log: log)
    }
    let monitor = try openMonitor(of: emulator, timeout: timeout)
    let wayIn = TargetSpecification.monitor(name).description
    let folder: TemporaryFolder
    do throws(Errno) {
      folder = try TemporaryFolder()
    } catch {
      throw .noSuchFile(path: TemporaryFolder.parent, error)
    }
    do throws(TargetError) {
      return try MonitoredStubTarget(monitor, folder: folder, wayIn: wayIn, timeout: timeout, log: log)
    } catch {
      folder.remove()
      throw error
    }
  }

  private init(
    _ monitor: QEMUMonitor, folder: TemporaryFolder, wayIn: String, timeout: Duration, log: PacketLog?
  ) throws(TargetError) {
    self.monitor = monitor
    self.folder = folder
    let wasRunning = try Self.isRunning(monitor)
    let path = "\(folder.path)/gdb.sock"
    let said = try monitor.executeHuman("gdbserver unix:\(path),server=on,wait=off")
    do throws(TargetError) {
      let channel = try Self.connect(path, saying: said)
      try super.init(channel: channel, wayIn: wayIn, timeout: timeout, log: log)
    } catch {
      try? Self.closeStub(monitor, running: wasRunning)
      throw error
    }
  }

  package override func detach(keepingStop: Bool) {
    super.detach(keepingStop: keepingStop)
    guard !isClosed else { return }
    isClosed = true
    // Whatever fails here, nothing more can be done.
    try? Self.closeStub(monitor, running: (try? Self.isRunning(monitor)) ?? false)
    monitor.close()
    folder.remove()
  }

  private static func isRunning(_ monitor: QEMUMonitor) throws(TargetError) -> Bool {
    try monitor.executeHuman("info status").contains("running")
  }

  private static func closeStub(_ monitor: QEMUMonitor, running: Bool) throws(TargetError) {
    _ = try monitor.executeHuman("gdbserver none")
    if running { _ = try monitor.executeHuman("cont") }
  }

  private static func connect(_ path: String, saying said: String) throws(TargetError) -> ByteChannel {
    do throws(TargetError) {
      return try .connect(unixSocket: path)
    } catch {
      throw .protocolViolation(received: printable(said.utf8), during: "opening the stub by QEMU's monitor")
    }
  }

  /// The first of its monitors that serves us.
  private static func openMonitor(
    of emulator: RunningEmulator, timeout: Duration
  ) throws(TargetError) -> QEMUMonitor {
    var failure = TargetError.notSupported(
      operation: "opening the stub", way: "monitor:\(emulator.processID), which has no monitor on a socket")
    for address in emulator.monitors {
      do throws(TargetError) {
        return try QEMUMonitor(address: address, processID: emulator.processID, timeout: timeout)
      } catch {
        failure = error
      }
    }
    throw failure
  }
}
