package import KernelCore
package import KernelObjects

/// What a kernel does wrongly, planted by a test to see whether it is found. The model is told the truth.
package struct Mistake: Sendable {
  /// What the kernel is told instead of an operation.
  package let translate: @Sendable (Operation) -> Operation
  /// What it leaves of each domain after an operation in place of what it should.
  package let spoil: @Sendable (Reference<Domain>) -> Void

  package init(
    translate: @escaping @Sendable (Operation) -> Operation = { $0 },
    spoil: @escaping @Sendable (Reference<Domain>) -> Void = { _ in }
  ) {
    self.translate = translate
    self.spoil = spoil
  }

  package static let none = Mistake()
}
