package import TargetLink

/// What a GIC's distributor says of its lines (GICv2 architecture specification, IHI 0048B, 4.3).
package struct InterruptControllerState: Sendable {
  /// A table of the distributor: a few bits for each line.
  package enum Register: CaseIterable, Sendable {
    case enabled, pending, active, configuration, targets

    /// Offset of the table.
    var offset: UInt64 {
      switch self {
      case .enabled: 0x100
      case .pending: 0x200
      case .active: 0x300
      case .configuration: 0xc00
      case .targets: 0x800
      }
    }

    /// Bits of one line.
    var width: Int {
      switch self {
      case .enabled, .pending, .active: 1
      case .configuration: 2
      case .targets: 8
      }
    }

    /// The architecture's name of the word with a line's bits.
    package func name(_ line: Int) -> String {
      let prefix =
        switch self {
        case .enabled: "GICD_ISENABLER"
        case .pending: "GICD_ISPENDR"
        case .active: "GICD_ISACTIVER"
        case .configuration: "GICD_ICFGR"
        case .targets: "GICD_ITARGETSR"
        }
      return prefix + String(line * width / 32)
    }
  }

  /// Lines that the controller has; 0 if it cannot be read.
  package private(set) var lineCount = 0
  /// Processors it can interrupt. With one, targets read as zero (4.3.12).
  package private(set) var processorCount = 1
  /// GICD_CTLR bit 0: whether it forwards anything.
  package private(set) var forwards: Bool?
  /// The words of each table; nil where one could not be read.
  private var words: [Register: [UInt32?]] = [:]

  /// Of a controller that cannot be read.
  package init() {}

  /// Of a controller whose tables begin with these words; the others cannot be read.
  package init(lineCount: Int, words: [Register: [UInt32?]]) {
    self.lineCount = lineCount
    self.words = words
  }

  private static let control: UInt64 = 0
  private static let type: UInt64 = 4
  private static let lineLimit = 1020
  /// Those below are sent by software. Whether they can be disabled is the implementation's choice (4.3.5).
  package static let firstPrivateLine = 16

  /// Reads the distributor's registers, which changes nothing. What cannot be read, or must not, is left out.
  package static func read(from target: any Target, snapshot: Snapshot) throws(TargetError)
    -> InterruptControllerState
  {
    var state = InterruptControllerState()
    let distributor = snapshot.layouts.constants.distributor
    guard distributor != 0, target.deviceHazard == nil else { return state }
    let first = try read([control, type], of: distributor, from: target)
    guard let type = first[1] else { return state }
    state.forwards = first[0].map { $0 & 1 != 0 }
    // Reads beyond what there is as zero on a machine without a GIC there.
    guard type != 0 else { return state }
    state.lineCount = min((Int(type & 31) + 1) * 32, lineLimit)
    state.processorCount = Int(type >> 5 & 7) + 1
    for register in Register.allCases {
      let count = (state.lineCount * register.width + 31) / 32
      let offsets = (0..<count).map { register.offset + UInt64($0) * 4 }
      state.words[register] = try read(offsets, of: distributor, from: target)
    }
    return state
  }

  private static func read(
    _ offsets: [UInt64], of distributor: UInt64, from target: any Target
  ) throws(TargetError) -> [UInt32?] {
    let answers = try target.readDevice(offsets.map { MemoryRange(address: distributor &+ $0, count: 4) })
    return answers.map { bytes in
      guard let bytes, bytes.count == 4 else { return nil }
      return UInt32(truncatingIfNeeded: ByteView(bytes).integer(at: 0, size: 4))
    }
  }

  /// A line's bits in one of the tables.
  package func bits(_ register: Register, of line: Int) -> UInt32? {
    let bit = line * register.width
    guard let table = words[register], line >= 0, bit / 32 < table.count, let word = table[bit / 32] else {
      return nil
    }
    return word >> UInt32(bit % 32) & (1 << UInt32(register.width) - 1)
  }

  package func isEnabled(_ line: Int) -> Bool? { bits(.enabled, of: line).map { $0 != 0 } }

  package func isPending(_ line: Int) -> Bool? { bits(.pending, of: line).map { $0 != 0 } }

  package func isActive(_ line: Int) -> Bool? { bits(.active, of: line).map { $0 != 0 } }

  package func isEdge(_ line: Int) -> Bool? { bits(.configuration, of: line).map { $0 & 2 != 0 } }
}
