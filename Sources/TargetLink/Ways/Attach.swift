extension TargetSpecification {
  /// Opens the way in. `timeout` is how long the first answer may take; `log` shows the packets that follow.
  package func attach(
    timeout: Duration = .seconds(5), log: PacketLog? = nil
  ) throws(TargetError) -> any Target {
    switch self {
    case .gdb(let address): try QEMUStubTarget.attach(to: address, timeout: timeout, log: log)
    case .serial(let address): try SerialStubTarget.attach(to: address, timeout: timeout, log: log)
    case .monitor(let name): try MonitoredStubTarget.attach(to: name, timeout: timeout, log: log)
    case .qemu(let name): try QEMUMemoryTarget.attach(to: name)
    case .core(let path): try CoreTarget(path: path)
    }
  }
}
