internal import KernelBoot

/// Where the parts of the running image are, as physical addresses. All bounds are multiples of a page.
public enum KernelImage {
  public static var start: UInt64 { physical(image_image_start()) }
  public static var end: UInt64 { physical(image_image_end()) }

  /// The part that is kept for the kernel descriptor.
  public static var descriptor: (start: UInt64, end: UInt64) {
    (physical(image_descriptor_start()), physical(image_descriptor_end()))
  }

  /// The code that runs at boot only.
  public static var bootText: (start: UInt64, end: UInt64) {
    (physical(image_boot_text_start()), physical(image_boot_text_end()))
  }

  /// The first eight bytes of the GNU build ID that the linker gave the image; 0 if it gave none.
  public static var buildID: UInt64 {
    // An ELF note: sizes of name and description, type, "GNU\0", description.
    // Safety: the linker script puts the note there.
    guard let note = unsafe UnsafeRawPointer(bitPattern: UInt(image_build_id())) else { return 0 }
    return UInt64(bigEndian: unsafe note.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
  }

  /// The programs of user level; the size in bytes is 0 if the image was built without.
  public static var userland: (start: UInt64, size: UInt64) {
    (physical(image_userland_start()), image_userland_end() &- image_userland_start())
  }

  /// Virtual address at which the processor waits while no domain can run, and its stack then.
  public static var idle: (pc: UInt64, sp: UInt64) { (image_idle_wait(), image_stack_top()) }

  /// Whether a virtual address is in code that saves and restores contexts, or probes memory, where an exception
  /// could not be returned from. Where a handler has returned to, all is saved and nothing restored.
  public static func isTrapCode(_ address: UInt64) -> Bool {
    guard address >= image_trap_text_start(), address < image_trap_text_end() else { return false }
    let resume = image_resume_context()
    return address > resume || address < resume && !isCall(at: address &- 4)
  }

  /// Whether a virtual address is in code of the debug channel.
  public static func isDebuggerCode(_ address: UInt64) -> Bool {
    address >= image_debugger_text_start() && address < image_debugger_text_end()
  }

  /// `bl` (Arm ARM, C6.2.33)
  private static func isCall(at address: UInt64) -> Bool {
    Probe.load(address, width: 4).map { $0 &>> 26 == 0b100101 } ?? false
  }

  /// Maps the image with the rights of its parts; the guard pages below the two stacks stay unmapped.
  public static func map(into map: KernelMap, _ memory: inout BootMemory) throws(KernelMap.Failure) {
    try map.map(bootText.start, bootText.end, .text, &memory)
    try map.map(physical(image_text_start()), physical(image_text_end()), .text, &memory)
    try map.map(physical(image_rodata_start()), physical(image_rodata_end()), .readOnly, &memory)
    try map.map(descriptor.start, physical(image_data_end()), .readWrite, &memory)
    try map.map(physical(image_stack_bottom()), physical(image_stack_top()), .readWrite, &memory)
    try map.map(physical(image_debug_stack_bottom()), end, .readWrite, &memory)
  }

  private static func physical(_ symbol: UInt64) -> UInt64 { DirectMap.physicalAddress(symbol) }
}
