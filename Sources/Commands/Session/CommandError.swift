package import Inspection
package import TargetLink

/// Why a command has no answer; the text is a sentence that names what was wrong and what to do.
package struct CommandError: Error, Equatable, Sendable {
  package enum Kind: Equatable, Sendable {
    /// The line cannot be understood, or names what is not there.
    case usage
    /// The target cannot do or give what was asked, and can still be asked for other things.
    case refused
    /// What was asked for cannot be written.
    case outputFailed
    /// The connection is gone.
    case targetLost
    /// The target is not a Vesper kernel that this debugger can read.
    case notVesper
  }

  package let kind: Kind
  package let text: String

  package init(_ kind: Kind, _ text: String) {
    self.kind = kind
    self.text = text
  }
}

extension CommandError {
  package init(_ error: TargetError) {
    self.init(error.endsConnection ? .targetLost : .refused, error.description)
  }

  package init(_ error: InspectionError) {
    if case .target(let error) = error {
      self.init(error)
    } else {
      self.init(.notVesper, error.description)
    }
  }

  init(_ error: SelectorError) { self.init(.usage, error.text) }
}
