/// What is where on QEMU's `virt` board (hw/arm/virt.c); a driver's knowledge, not the kernel's.
public enum Board {
  /// Physical address of the PL031.
  public static let realTimeClock: UInt64 = 0x0901_0000
  /// Its INTID: shared peripheral interrupt 2.
  public static let realTimeClockInterrupt: UInt64 = 34

  /// Physical address of the first of the virtio transports, which follow each other.
  public static let virtIO: UInt64 = 0x0a00_0000
  public static let virtIOCount: UInt64 = 32
  /// INTID of the first: shared peripheral interrupt 16.
  public static let virtIOInterrupt: UInt64 = 48

  /// Physical address of the PL061.
  public static let generalPurposeIO: UInt64 = 0x0903_0000
  /// Its INTID: shared peripheral interrupt 7.
  public static let generalPurposeIOInterrupt: UInt64 = 39
  /// The line that is high while the power button is pressed, as a bit.
  public static let powerButton: UInt8 = 1 << 3
}
