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
/// Lines: `kernel VERSION BUILD BOARD`; `constants`, and then ` NAME VALUE`; `object NAME SIZE`, and then ` NAME`,
/// ` NAME SIZE` or ` NAME SIZE OFFSET` of each field, where a size that is not told is 8, and an offset that is not
/// told is the end of the field before; `encoding NAME`, and then ` NAME WORD SHIFT WIDTH`; `enumeration NAME`, and
/// then ` NUMBER NAME`; `end`.
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
  unsafe writer.objects()
  return unsafe writer.finish()
}

/// Writes the end of a descriptor, which all kernels built from this source have: what is behind the constants.
///
/// - Returns: where it is in the buffer, or nil if that was too small.
public func writeDescriptorEnd(into buffer: UnsafeMutableRawBufferPointer) -> Range<Int>? {
  var writer = unsafe DescriptorWriter(buffer: buffer)
  let start = unsafe writer.count
  unsafe writer.objects()
  guard let end = unsafe writer.finish() else { return nil }
  return start..<end
}

extension DescriptorWriter {
  @inline(__always)
  mutating func constant(_ name: StaticString, _ value: UInt64) { unsafe constant(at: name.utf8Start, value) }

  @inline(never)
  private mutating func constant(at name: UnsafePointer<UInt8>, _ value: UInt64) {
    unsafe word(at: name)
    unsafe number(value)
    unsafe endLine()
  }

  fileprivate mutating func objects() {
    unsafe layouts()
    unsafe encodings()
    unsafe enumerations()
    unsafe text("end")
    unsafe endLine()
  }

  mutating func constants(_ facts: DescriptorFacts) {
    unsafe text("constants")
    unsafe endLine()
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

  private mutating func encoding(_ name: StaticString) {
    unsafe heading("encoding", name)
    unsafe endLine()
  }

  @inline(__always)
  private mutating func bits(_ name: StaticString, word index: UInt64, _ field: BitField) {
    unsafe bits(at: name.utf8Start, index, UInt64(field.shift), UInt64(field.width))
  }

  @inline(never)
  private mutating func bits(
    at name: UnsafePointer<UInt8>, _ index: UInt64, _ shift: UInt64, _ width: UInt64
  ) {
    unsafe word(at: name)
    unsafe number(index)
    unsafe number(shift)
    unsafe number(width)
    unsafe endLine()
  }

  /// A single bit, given as its option set's raw value.
  @inline(__always)
  private mutating func flag(_ name: StaticString, _ value: UInt64) {
    unsafe bits(
      name, word: 0, BitField(shift: UInt8(truncatingIfNeeded: value.trailingZeroBitCount), width: 1))
  }

  mutating func encodings() {
    unsafe encoding("Capability")
    unsafe bits("address", word: 0, Capability.addressField)
    unsafe bits("size", word: 0, Capability.sizeField)
    unsafe bits("guardSize", word: 0, Capability.guardSizeField)
    unsafe bits("rights", word: 0, Capability.rightsField)
    unsafe bits("type", word: 0, Capability.typeField)
    unsafe bits("watermark", word: 1, Capability.watermarkField)
    unsafe bits("device", word: 1, Capability.deviceField)
    unsafe bits("replyMaster", word: 1, Capability.replyMasterField)
    unsafe bits("sliceStart", word: 1, Capability.sliceStartField)
    unsafe bits("sliceCount", word: 1, Capability.sliceCountField)
    unsafe bits("irq", word: 1, Capability.irqField)
    unsafe bits("zombieType", word: 0, Capability.zombieTypeField)
    unsafe bits("zombieRemaining", word: 1, Capability.zombieRemainingField)
    unsafe encoding("Rights")
    unsafe flag("read", UInt64(Rights.read.rawValue))
    unsafe flag("write", UInt64(Rights.write.rawValue))
    unsafe flag("grant", UInt64(Rights.grant.rawValue))
    unsafe encoding("MessageFlags")
    unsafe flag("isCall", UInt64(MessageFlags.isCall.rawValue))
    unsafe flag("canGrant", UInt64(MessageFlags.canGrant.rawValue))
    unsafe flag("isFault", UInt64(MessageFlags.isFault.rawValue))
    unsafe encoding("IRQFlags")
    unsafe flag("issued", UInt64(IRQFlags.issued.rawValue))
    unsafe flag("edge", UInt64(IRQFlags.edge.rawValue))
    unsafe flag("masked", UInt64(IRQFlags.masked.rawValue))
    unsafe flag("kernel", UInt64(IRQFlags.kernel.rawValue))
    unsafe flag("throttled", UInt64(IRQFlags.throttled.rawValue))
    unsafe encoding("TableLink")
    unsafe bits("page", word: 0, TableLink.pageField)
    unsafe bits("index", word: 0, TableLink.indexField)
    unsafe bits("asid", word: 0, TableLink.asidField)
    unsafe bits("level", word: 0, TableLink.levelField)
    unsafe bits("linked", word: 0, TableLink.linkedField)
  }

  private mutating func enumeration(_ name: StaticString) {
    unsafe heading("enumeration", name)
    unsafe endLine()
  }

  @inline(never)
  private mutating func value(_ number: UInt64, _ name: StaticString) {
    unsafe self.number(number)
    unsafe word(name)
    unsafe endLine()
  }

  mutating func enumerations() {
    unsafe enumeration("CapabilityType")
    for raw in UInt8(0)..<32 {
      guard let type = CapabilityType(rawValue: raw) else { continue }
      unsafe value(UInt64(raw), type.name)
    }
    unsafe enumeration("DomainState")
    for raw in UInt32(0)..<16 {
      if let state = DomainState(rawValue: raw) { unsafe value(UInt64(raw), state.name) }
    }
    unsafe enumeration("FaultKind")
    for raw in UInt32(0)..<16 {
      if let kind = FaultKind(rawValue: raw) { unsafe value(UInt64(raw), kind.name) }
    }
    unsafe enumeration("MemoryRegionKind")
    for raw in UInt32(0)..<16 {
      if let kind = MemoryRegionKind(rawValue: raw) {
        unsafe value(UInt64(raw), kind.name)
      }
    }
  }
}
