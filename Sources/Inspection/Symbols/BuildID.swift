/// Which build an ELF file is of: the first eight bytes of its GNU build ID.
package enum BuildID {
  /// Name size, descriptor size, type 3 (NT_GNU_BUILD_ID) and name of the note; the descriptor follows.
  private static let beginning: [UInt8] = [4, 0, 0, 0, 20, 0, 0, 0, 3, 0, 0, 0, 0x47, 0x4e, 0x55, 0]

  /// The build of `file`, as the kernel's descriptor spells it; nil if there is none.
  ///
  /// The note is looked for at every aligned place, since linker scripts put it where they like.
  package static func find(in file: [UInt8]) -> UInt64? {
    let size = beginning.count + 8
    var offset = 0
    while offset + size <= file.count {
      if file[offset] == 4, file[offset..<offset + beginning.count].elementsEqual(beginning) {
        return file[offset + beginning.count..<offset + size].reduce(0) { $0 << 8 | UInt64($1) }
      }
      offset += 4
    }
    return nil
  }
}
