public import KernelObjects

/// Why an operation was not begun. Nothing was changed.
public struct Refusal: Error, Equatable {
  public let status: Status
  /// 0 is the invoked capability, n is message word n - 1.
  public let argument: UInt64
  public let detail: UInt64

  @inlinable
  public init(_ status: Status, argument: UInt64 = 0, detail: UInt64 = 0) {
    self.status = status
    self.argument = argument
    self.detail = detail
  }

  /// Not a refusal: part of the operation has been done, and the caller is to make its system call again.
  static var unfinished: Refusal { Refusal(.ok) }

  @inline(__always)
  var isUnfinished: Bool { status == .ok }
}
