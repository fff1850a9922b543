import KernelObjects
import Testing

@Suite struct TranslationTests {
  @Test func `tables side by side give addresses side by side`() {
    let first = AddressSpace.segmentAddress(table: 0x4765_0000)
    #expect(AddressSpace.segmentAddress(table: 0x4765_1000) == first + (2 << 20))
    #expect(first % (2 << 20) == 0)
  }

  @Test func `a virtual address splits into four table indices`() {
    let address: UInt64 = 3 << 39 | 5 << 30 | 7 << 21 | 9 << 12 | 0x123
    #expect((0...3).map { AddressSpace.index(of: address, level: UInt64($0)) } == [3, 5, 7, 9])
  }

  @Test func `a user page is never for the kernel to execute, and a device page for nobody`() {
    let code = TranslationDescriptor.userPage(address: 0x5000, rights: .read.union(.execute), isDevice: false)
    #expect(TranslationDescriptor.privilegedExecuteNeverField.read(code.word) == 1)
    #expect(TranslationDescriptor.userExecuteNeverField.read(code.word) == 0)
    #expect(TranslationDescriptor.readOnlyField.read(code.word) == 1)
    let device = TranslationDescriptor.userPage(address: 0x5000, rights: .all, isDevice: true)
    #expect(TranslationDescriptor.userExecuteNeverField.read(device.word) == 1)
    #expect(device.address == 0x5000)
  }
}
