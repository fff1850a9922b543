/// Labels of the invocations of kernel objects. The words of a `call` are the arguments, w0...w5; a capability
/// argument is a capability pointer in the caller's own space. A CNode is given by its pointer and the slot in it
/// by a plain index.
public enum Invocation: UInt64, Sendable {
  /// w0 type, w1 size bits (radix of a CNode, else log2 bytes; ignored for fixed sizes), w2 count,
  /// w3 CNode, w4 first index.
  case untypedRetype = 0x101
  /// Gives all memory back; refused while anything is derived.
  case untypedReset = 0x102

  /// Invoked on the destination CNode. w0 destination index, w1 source CNode, w2 source index, w3 rights.
  case cnodeCopy = 0x201
  /// As copy, and w4 badge (Endpoint, Notification) or guard value (CNode), w5 guard size (CNode).
  case cnodeMint = 0x202
  /// w0 destination index, w1 source CNode, w2 source index.
  case cnodeMove = 0x203
  /// w0 index.
  case cnodeDelete = 0x204
  /// w0 index.
  case cnodeRevoke = 0x205
  /// All in the invoked CNode: w0 destination, w1 pivot, w2 source. Moves pivot to destination and source to pivot.
  case cnodeRotate = 0x206
  /// w0 index of an Endpoint capability: ends the sends queued with its badge.
  case cnodeCancelBadgedSends = 0x207
  /// w0 index: moves the right to answer the last caller there.
  case cnodeSaveReply = 0x208

  /// w0 CNode, w1 ProtectionDomain, w2 fault Endpoint (0 is none).
  case domainConfigure = 0x301
  /// w0 program counter, w1 stack pointer, w2 x0, w3 x1, w4 x2.
  case domainStart = 0x302
  case domainSuspend = 0x303
  case domainResume = 0x304
  /// w0 first register, of `RegisterFrame` or of `FloatingPointState`; returns up to six in the words.
  case domainReadRegisters = 0x305
  /// w0 first register, w1 count 1...4, w2...w5 values.
  case domainWriteRegisters = 0x306
  /// w0 Notification, 0 unbinds.
  case domainBindNotification = 0x307
  /// w0, w1: 16 bytes of name, little-endian.
  case domainSetName = 0x308
  /// w0 timer count until which the caller lends its time to the Domain, 0 is to the slot's end. Comes back with a
  /// `RunReason`, its detail, and as the badge the events that ended it.
  case domainRun = 0x309
  /// w0 Frame whose first bytes are to be the Domain's `ControlBlock`, 0 is none.
  case domainSetControlBlock = 0x30a

  /// w0 Segment, w1 rights.
  case protectionDomainAttach = 0x401
  /// w0 Segment.
  case protectionDomainDetach = 0x402
  /// w0 PageTable, w1 virtual address: enters the highest level that is missing there.
  case protectionDomainInstall = 0x403

  /// w0 Frame, w1 index, w2 rights.
  case segmentMap = 0x601
  /// w0 Frame.
  case segmentUnmap = 0x602
  /// w0 Frame, w1 rights.
  case segmentProtect = 0x603
  /// Returns the virtual base address.
  case segmentGetAddress = 0x604
  /// w0 index of a page that is mapped. Returns its physical address, the rights that page and capability leave,
  /// the number of pages from there on that follow each other in memory too and are alike, and 1 if they are a
  /// device's.
  case segmentTranslate = 0x605

  /// Returns the physical address.
  case frameGetAddress = 0x701
  /// Cleans the data cache and invalidates the instruction cache for the frame.
  case frameSynchronizeInstructions = 0x702

  /// w0 slots to keep, w1 CNode, w2 index that gets the rest, derived from this one.
  case timeSliceSplit = 0xb01
  /// w0 Domain. Binds the slots that were not split off.
  case timeSliceBind = 0xb02
  case timeSliceUnbind = 0xb03

  /// w0 interrupt, w1 0 level / 1 edge, w2 CNode, w3 index.
  case irqControlGet = 0xc01
  /// w0 interrupt, w1 timer counts that its handlers may take of others' slots in as long as a slot.
  case irqControlLimit = 0xc02
  /// w0 Notification (its badge is signalled).
  case irqHandlerBind = 0xd01
  case irqHandlerAck = 0xd02
  case irqHandlerClear = 0xd03

  /// w0 byte.
  case debugPutChar = 0xe01
  /// w0 count 0...40, w1...w5 the bytes, little-endian.
  case debugWrite = 0xe02
  /// w0 Domain, w1, w2: 16 bytes of name.
  case debugSetName = 0xe03

  /// The type of capability that understands this.
  @inlinable
  public var objectType: UInt8 { UInt8(truncatingIfNeeded: rawValue &>> 8) }
}

// `allCases` is an array, which the kernel cannot have.
#if !hasFeature(Embedded)
  extension Invocation: CaseIterable {}
#endif
