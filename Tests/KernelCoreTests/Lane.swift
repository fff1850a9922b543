/// Where the kernels of one test lie, one after the other: some arguments and answers are addresses, so a sequence
/// that is to be repeated needs a place of its own. Tests run side by side; no two have the same lane.
enum Lane: UInt64, Sendable {
  case model0, model1
  case firstText = 3, secondText
  case mint, revoke, move, protect, split
  case hostileCalls0, hostileCalls1
  case noWorkAtOnce, littleWorkAtOnce
  case innerActivation, lostSignals
  case interrupted10, interrupted11, interrupted12
  case shortWays5, shortWays6, shortWays
  case manual

  /// Physical address of the kernel's memory.
  var base: UInt64 { 0xf_8000_0000 + rawValue << 24 }

  /// Seed of one of its sequences.
  func seed(_ number: UInt64) -> UInt64 { rawValue << 32 | number }
}
