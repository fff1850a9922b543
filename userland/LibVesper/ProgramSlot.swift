/// Where a program finds its first capabilities: the same numbers in every program, so that whoever starts one
/// needs no list of its own. A program holds only those that it needs.
///
/// `cnode`, `domain` and `debug` are also where the kernel puts the root domain's (`BootInfo.RootSlot`).
public enum ProgramSlot: UInt64, Sendable {
  /// Its own CNode.
  case cnode = 1
  /// The domain itself, so that it can stop.
  case domain = 2
  case debug = 6
  /// The endpoint it serves or calls.
  case endpoint = 8
  /// The notification a driver waits for, badged.
  case notification = 9
  case irqHandler = 10
  /// A segment of which it tells others, or a device.
  case segment = 11

  public var pointer: CapabilityPointer { CapabilityPointer(rawValue: rawValue) }

  /// log2 of the number of slots of a program's CNode.
  public static let cnodeRadix: UInt64 = 8
}
