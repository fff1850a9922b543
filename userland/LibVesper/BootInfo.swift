public import KernelObjects

extension Program {
  /// What boot tells the root domain, whose first argument is its virtual address. A program that was told nothing is no
  /// root domain, and stops.
  public func bootInfo() -> UnsafePointer<BootInfo> {
    let address = Program.arguments[0]
    // Safety: boot mapped the page for reading and passed its address; the magic tells if it did not.
    guard let bootInfo = unsafe UnsafePointer<BootInfo>(bitPattern: UInt(address)),
      unsafe bootInfo.pointee.magic == BootInfo.magicValue
    else {
      console.print("no boot information at \(hexadecimal: address)")
      stop()
    }
    return unsafe bootInfo
  }
}
