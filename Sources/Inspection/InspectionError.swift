package import TargetLink

/// Why a system cannot be inspected. Each renders as a sentence that says what to do.
package enum InspectionError: Error, Equatable, Sendable {
  case target(TargetError)
  /// Nothing in `searched` is a kernel descriptor.
  case noDescriptor(searched: String)
  /// Something that calls itself a descriptor is not one.
  case damagedDescriptor(reason: String)
  case unknownDescriptorVersion(UInt32)
  /// The kernel does not describe what this debugger needs.
  case missing(kernel: String, what: String)
  /// The kernel describes it, but not as it could be.
  case implausible(kernel: String, what: String)

  /// Whether the answer to "is this a Vesper kernel that can be inspected?" is no.
  package var isNotVesper: Bool {
    if case .target = self { false } else { true }
  }
}

extension InspectionError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .target(let error):
      error.description
    case .noDescriptor(let searched):
      "no Vesper kernel found: no kernel descriptor in \(searched); check that a Vesper kernel has booted there"
    case .damagedDescriptor(let reason):
      "the kernel descriptor is damaged: \(reason); the kernel's memory may have been overwritten"
    case .unknownDescriptorVersion(let version):
      "the kernel descriptor has format \(version), and this debugger reads format 1: use the debugger built "
        + "with that kernel"
    case .missing(let kernel, let what):
      "\(kernel) has no \(what): use the debugger built with that kernel"
    case .implausible(let kernel, let what):
      "\(kernel) describes \(what): use the debugger built with that kernel"
    }
  }
}
