/// Facts of a build and a boot that the descriptor carries beside the layouts.
@safe
public struct DescriptorFacts {
  public var version: StaticString
  /// Identifies the build; the debugger shows it.
  public var buildID: StaticString
  /// First eight bytes of the image's GNU build ID, given instead of `buildID` unless it is 0.
  public var imageHash: UInt64 = 0
  public var board: StaticString
  /// Physical address of `KernelState`.
  public var state: UInt64
  /// What to add to a physical address to reach it in the kernel's half.
  public var directMapOffset: UInt64
  /// Physical start and size of the kernel's image.
  public var imageBase: UInt64
  public var imageSize: UInt64
  /// Frequency of the timer in Hz and its counts in a slice tick.
  public var timerFrequency: UInt64
  public var tickCounts: UInt64
  /// Physical addresses of devices, 0 where absent.
  public var distributor: UInt64
  public var uart: UInt64
  /// The registers that decide how the processor translates: TTBR1_EL1, MAIR_EL1, TCR_EL1, SCTLR_EL1; 0 where there
  /// is no such processor.
  public var translation: (ttbr1: UInt64, mair: UInt64, tcr: UInt64, sctlr: UInt64) = (0, 0, 0, 0)

  public init(
    version: StaticString, buildID: StaticString, board: StaticString, state: UInt64, directMapOffset: UInt64,
    imageBase: UInt64, imageSize: UInt64, timerFrequency: UInt64, tickCounts: UInt64, distributor: UInt64,
    uart: UInt64
  ) {
    self.version = version
    self.buildID = buildID
    self.board = board
    self.state = state
    self.directMapOffset = directMapOffset
    self.imageBase = imageBase
    self.imageSize = imageSize
    self.timerFrequency = timerFrequency
    self.tickCounts = tickCounts
    self.distributor = distributor
    self.uart = uart
  }
}

/// Writes the whole kernel descriptor.
///
/// Lines: `kernel VERSION BUILD BOARD`; `constant NAME VALUE`; `object NAME SIZE`; `field OBJECT NAME OFFSET SIZE`;
/// `bits OBJECT NAME WORD SHIFT WIDTH`; `value ENUMERATION NUMBER NAME`; `end`.
///
/// - Returns: bytes used, or nil if the buffer was too small.
public func writeDescriptor(_ facts: DescriptorFacts, into buffer: UnsafeMutableRawBufferPointer) -> Int? {
  var writer = unsafe DescriptorWriter(buffer: buffer)
  unsafe writer.text("kernel")
  unsafe writer.word(facts.version)
  if facts.imageHash == 0 {
    unsafe writer.word(facts.buildID)
  } else {
    unsafe writer.number(facts.imageHash)
  }
  unsafe writer.word(facts.board)
  unsafe writer.endLine()
  unsafe writer.constants(facts)
  unsafe writer.layouts()
  unsafe writer.encodings()
  unsafe writer.enumerations()
  unsafe writer.text("end")
  unsafe writer.endLine()
  return unsafe writer.finish()
}

extension DescriptorWriter {
  @inline(__always)
  mutating func constant(_ name: StaticString, _ value: UInt64) { unsafe constant(at: name.utf8Start, value) }

  @inline(never)
  private mutating func constant(at name: UnsafePointer<UInt8>, _ value: UInt64) {
    unsafe text("constant")
    unsafe word(at: name)
    unsafe number(value)
    unsafe endLine()
  }

  mutating func constants(_ facts: DescriptorFacts) {
    unsafe constant("state", facts.state)
    unsafe constant("directMapOffset", facts.directMapOffset)
    unsafe constant("imageBase", facts.imageBase)
    unsafe constant("imageSize", facts.imageSize)
    unsafe constant("timerFrequency", facts.timerFrequency)
    unsafe constant("tickCounts", facts.tickCounts)
    unsafe constant("defaultBudget", IRQEntry.defaultBudget(tickCounts: facts.tickCounts))
    unsafe constant("distributor", facts.distributor)
    unsafe constant("uart", facts.uart)
    if facts.translation.ttbr1 != 0 {
      unsafe constant("ttbr1", facts.translation.ttbr1)
      unsafe constant("mair", facts.translation.mair)
      unsafe constant("tcr", facts.translation.tcr)
      unsafe constant("sctlr", facts.translation.sctlr)
    }
    unsafe constant("slotParentTag", UInt64(Slot.parentTag))
    unsafe constant("slotSizeBits", Slot.sizeBits)
    unsafe constant("domainSizeBits", Domain.sizeBits)
    unsafe constant("domainFloatingPoint", Domain.floatingPointOffset)
    unsafe constant("segmentBase", AddressSpace.segmentBase)
    unsafe constant("segmentLimit", AddressSpace.segmentLimit)
  }

  @inline(__always)
  mutating func bits(_ object: StaticString, _ name: StaticString, word index: UInt64, _ field: BitField) {
    unsafe bits(at: object.utf8Start, name.utf8Start, index, UInt64(field.shift), UInt64(field.width))
  }

  @inline(never)
  private mutating func bits(
    at object: UnsafePointer<UInt8>, _ name: UnsafePointer<UInt8>, _ index: UInt64, _ shift: UInt64,
    _ width: UInt64
  ) {
    unsafe text("bits")
    unsafe word(at: object)
    unsafe word(at: name)
    unsafe number(index)
    unsafe number(shift)
    unsafe number(width)
    unsafe endLine()
  }

  /// A single bit, given as its option set's raw value.
  @inline(__always)
  mutating func flag(_ set: StaticString, _ name: StaticString, _ value: UInt64) {
    unsafe bits(
      set, name, word: 0, BitField(shift: UInt8(truncatingIfNeeded: value.trailingZeroBitCount), width: 1))
  }

  mutating func encodings() {
    unsafe bits("Capability", "address", word: 0, Capability.addressField)
    unsafe bits("Capability", "size", word: 0, Capability.sizeField)
    unsafe bits("Capability", "guardSize", word: 0, Capability.guardSizeField)
    unsafe bits("Capability", "rights", word: 0, Capability.rightsField)
    unsafe bits("Capability", "type", word: 0, Capability.typeField)
    unsafe bits("Capability", "watermark", word: 1, Capability.watermarkField)
    unsafe bits("Capability", "device", word: 1, Capability.deviceField)
    unsafe bits("Capability", "replyMaster", word: 1, Capability.replyMasterField)
    unsafe bits("Capability", "sliceStart", word: 1, Capability.sliceStartField)
    unsafe bits("Capability", "sliceCount", word: 1, Capability.sliceCountField)
    unsafe bits("Capability", "irq", word: 1, Capability.irqField)
    unsafe bits("Capability", "zombieType", word: 0, Capability.zombieTypeField)
    unsafe bits("Capability", "zombieRemaining", word: 1, Capability.zombieRemainingField)
    unsafe flag("Rights", "read", UInt64(Rights.read.rawValue))
    unsafe flag("Rights", "write", UInt64(Rights.write.rawValue))
    unsafe flag("Rights", "grant", UInt64(Rights.grant.rawValue))
    unsafe flag("MessageFlags", "isCall", UInt64(MessageFlags.isCall.rawValue))
    unsafe flag("MessageFlags", "canGrant", UInt64(MessageFlags.canGrant.rawValue))
    unsafe flag("MessageFlags", "isFault", UInt64(MessageFlags.isFault.rawValue))
    unsafe flag("IRQFlags", "issued", UInt64(IRQFlags.issued.rawValue))
    unsafe flag("IRQFlags", "edge", UInt64(IRQFlags.edge.rawValue))
    unsafe flag("IRQFlags", "masked", UInt64(IRQFlags.masked.rawValue))
    unsafe flag("IRQFlags", "kernel", UInt64(IRQFlags.kernel.rawValue))
    unsafe flag("IRQFlags", "throttled", UInt64(IRQFlags.throttled.rawValue))
    unsafe bits("TableLink", "page", word: 0, TableLink.pageField)
    unsafe bits("TableLink", "index", word: 0, TableLink.indexField)
    unsafe bits("TableLink", "asid", word: 0, TableLink.asidField)
    unsafe bits("TableLink", "level", word: 0, TableLink.levelField)
    unsafe bits("TableLink", "linked", word: 0, TableLink.linkedField)
  }

  @inline(never)
  mutating func value(_ enumeration: StaticString, _ number: UInt64, _ name: StaticString) {
    unsafe text("value")
    unsafe word(enumeration)
    unsafe self.number(number)
    unsafe word(name)
    unsafe endLine()
  }

  mutating func enumerations() {
    for raw in UInt8(0)..<32 {
      guard let type = CapabilityType(rawValue: raw) else { continue }
      unsafe value("CapabilityType", UInt64(raw), type.name)
    }
    for raw in UInt32(0)..<16 {
      if let state = DomainState(rawValue: raw) { unsafe value("DomainState", UInt64(raw), state.name) }
    }
    for raw in UInt32(0)..<16 {
      if let kind = FaultKind(rawValue: raw) { unsafe value("FaultKind", UInt64(raw), kind.name) }
    }
    for raw in UInt32(0)..<16 {
      if let kind = MemoryRegionKind(rawValue: raw) {
        unsafe value("MemoryRegionKind", UInt64(raw), kind.name)
      }
    }
  }
}
