internal import SelfTestInstructions

/// Words at addresses that a case has mapped.
enum Memory {
  // Through a function in another file of another language, so that no access is left out or moved.
  static func read(_ address: UInt64) -> UInt64 { selftest_load(address) }

  static func write(_ value: UInt64, at address: UInt64) { selftest_store(address, value) }
}
