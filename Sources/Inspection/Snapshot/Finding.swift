/// Something in the target that cannot be as a working kernel leaves it.
package struct Finding: Hashable, Sendable {
  /// The object, by name or address.
  package var object: String
  /// The field or link of it that is wrong.
  package var field: String
  package var text: String

  package init(object: String, field: String, text: String) {
    self.object = object
    self.field = field
    self.text = text
  }
}

/// How far a target is believed: beyond these the rest is left out, and a finding says so.
package struct SnapshotLimits: Sendable {
  /// Capability slots that are read, empty ones included.
  package var slots = 1 << 22
  /// Objects of each kind with memory of their own.
  package var objects = 1 << 16
  package var translationTables = 1 << 14
  package var findings = 256
  /// Times a torn snapshot is read again.
  package var attempts = 3
  /// Times it is fetched again from a target that reads at the speed of memory.
  package var quickAttempts = 400
  /// Bytes that these attempts fetch in all, beyond the first few.
  package var quickBytes = 256 << 20
  /// A system whose epoch moves further than this during one attempt will not hold still for another.
  package var epochDistance: UInt64 = 64

  package init() {}
}
