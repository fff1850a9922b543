/// Operations on a fresh system at a certain place in memory: what has to be known to do it all again.
///
/// It is printed as a line `base 0x…`, a line `work limit …` if there is one, and a line for each operation.
package struct Recording: Equatable, CustomStringConvertible, Sendable {
  /// Physical address of the kernel's memory. Some operations have addresses as arguments.
  package let base: UInt64
  /// What an entry of the kernel may do of a long operation.
  package let workLimit: UInt64
  package var operations: [Operation]

  package init(base: UInt64, workLimit: UInt64 = .max, operations: [Operation] = []) {
    self.base = base
    self.workLimit = workLimit
    self.operations = operations
  }

  /// - Parameter text: a recording as it is printed; nil if it is none.
  package init?(_ text: String) {
    var lines = text.split(whereSeparator: \.isNewline).map(String.init)
    guard let first = lines.first, first.hasPrefix("base 0x"),
      let base = UInt64(first.dropFirst(7), radix: 16)
    else { return nil }
    lines.removeFirst()
    var workLimit = UInt64.max
    if let line = lines.first, line.hasPrefix("work limit "), let limit = UInt64(line.dropFirst(11)) {
      workLimit = limit
      lines.removeFirst()
    }
    let operations = lines.compactMap { Operation($0) }
    guard operations.count == lines.count else { return nil }
    self.init(base: base, workLimit: workLimit, operations: operations)
  }

  package var description: String {
    (["base 0x" + String(base, radix: 16)] + (workLimit == .max ? [] : ["work limit \(workLimit)"])
      + operations.map(\.description)).joined(separator: "\n")
  }

  /// Does it all again.
  ///
  /// - Parameter mistake: what the kernel does wrongly.
  /// - Returns: where it goes wrong, nil if nowhere.
  /// - Throws: if no kernel can be had at that address.
  package func replay(mistake: Mistake = .none) throws -> Failure? {
    let lockstep = try Lockstep(base: base, workLimit: workLimit, mistake: mistake)
    for (index, operation) in operations.enumerated() where !lockstep.hasLostItsWay {
      do throws(Difference) {
        try lockstep.perform(operation)
      } catch {
        var recording = self
        recording.operations = Array(operations[...index])
        return Failure(recording: recording, difference: error)
      }
    }
    return nil
  }
}

/// Where a sequence went wrong.
package struct Failure: Error, CustomStringConvertible {
  /// Up to and with the operation after which kernel and model differ.
  package var recording: Recording
  package var difference: Difference

  package var description: String { "\(difference), after:\n\(recording)" }
}
