import Commands
import KernelImage
import Testing

@Suite struct SymbolFileTests {
  /// A GNU build ID note, with nothing around it.
  private static func note(_ first: [UInt8]) -> [UInt8] {
    [0, 0, 0, 0] + [4, 0, 0, 0, 20, 0, 0, 0, 3, 0, 0, 0, 0x47, 0x4e, 0x55, 0] + first
      + [UInt8](repeating: 9, count: 12)
  }

  private func refusal(_ file: [UInt8]?, build: UInt64) throws -> String {
    var system = SmallSystem()
    system.image.writeDescriptor(build: build)
    let session = try CommandSession(target: system.image.target, kernelFile: { file })
    do throws(CommandError) {
      return try session.run(line: "symbol start").text
    } catch {
      return error.text
    }
  }

  @Test func `a file of another build is not used, and both builds are named`() throws {
    let text = try refusal(
      Self.note([0, 0x3b, 0x3c, 0x2c, 0xf5, 0xa1, 0x56, 0xdd]), build: 0x453b_3c2c_f5a1_56dd)
    #expect(
      text == "no symbols: the ELF file is of build 3b3c2cf5a156dd, and the kernel of build 453b3c2cf5a156dd")
  }

  @Test func `a file of the same build is used`() throws {
    let text = try refusal(
      Self.note([0, 0x3b, 0x3c, 0x2c, 0xf5, 0xa1, 0x56, 0xdd]), build: 0x3b_3c2c_f5a1_56dd)
    #expect(text == "no symbols: the kernel's ELF file has none")
  }

  @Test func `without a file the option that names one is told`() throws {
    #expect(try refusal(nil, build: 0).contains("--kernel FILE"))
  }
}
