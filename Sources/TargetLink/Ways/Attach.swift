extension TargetSpecification {
  /// Opens the way in. `timeout` is how long the first answer may take.
  package func attach(timeout: Duration = .seconds(5)) throws(TargetError) -> any Target {
    switch self {
    case .gdb(let address): try QEMUStubTarget.attach(to: address, timeout: timeout)
    case .serial(let address): try SerialStubTarget.attach(to: address, timeout: timeout)
    }
  }
}
