public import KernelObjects

/// A system call that the kernel refused; nothing was changed by it.
public struct Refusal: Error, Equatable, Sendable {
  /// The status as it came in x0.
  public var rawStatus: UInt64
  /// Which argument was wrong: 0 is the invoked capability itself, n is word n - 1.
  public var argument: UInt64
  /// Belongs to the status; see `Status`.
  public var detail: UInt64
  /// Label of the message that was refused.
  public var label: UInt64

  @inlinable
  public init(rawStatus: UInt64, argument: UInt64, detail: UInt64, label: UInt64) {
    self.rawStatus = rawStatus
    self.argument = argument
    self.detail = detail
    self.label = label
  }

  /// A refusal by the program itself, in the kernel's words.
  public init(_ status: Status, argument: UInt64 = 0, detail: UInt64 = 0, label: UInt64 = 0) {
    self.init(rawStatus: status.rawValue, argument: argument, detail: detail, label: label)
  }

  /// Nil if the kernel is newer than this library.
  public var status: Status? { Status(rawValue: rawStatus) }

  public var statusName: StaticString { status?.name ?? "unknown-status" }
}
