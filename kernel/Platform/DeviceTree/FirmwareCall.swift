/// The instruction that calls the firmware (Arm's SMC Calling Convention).
public enum FirmwareCall: Sendable {
  /// There is no firmware.
  case none
  case hypervisorCall
  case secureMonitorCall

  /// `method` of the arm,psci binding: `hvc` or `smc`.
  init(_ method: PropertyValue) {
    if method.isString("hvc") {
      self = .hypervisorCall
    } else {
      self = method.isString("smc") ? .secureMonitorCall : .none
    }
  }
}
