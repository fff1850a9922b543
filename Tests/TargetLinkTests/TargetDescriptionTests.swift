import Testing

@testable import TargetLink

struct TargetDescriptionTests {
  private func registers(_ text: String) -> [RegisterDescription] {
    var scan = TargetDescriptionScan()
    scan.read(text)
    return scan.registers
  }

  @Test func `registers are numbered on from the last number given`() {
    let description = """
      <?xml version="1.0"?><!DOCTYPE target SYSTEM "gdb-target.dtd">
      <target><feature name="org.gnu.gdb.aarch64.core">
        <reg name="x0" bitsize="64"/>
        <reg name='x1' bitsize='64' group="a > b"/>
        <!-- <reg name="ghost" bitsize="64"/> -->
        <reg bitsize="32" name="cpsr" type="int" regnum="33"></reg>
        <reg name="fpsr" bitsize="32"/>
      </feature></target>
      """
    #expect(
      registers(description) == [
        RegisterDescription(name: "x0", number: 0, bitWidth: 64),
        RegisterDescription(name: "x1", number: 1, bitWidth: 64),
        RegisterDescription(name: "cpsr", number: 33, bitWidth: 32),
        RegisterDescription(name: "fpsr", number: 34, bitWidth: 32),
      ])
  }

  @Test(arguments: [
    "<reg", "<reg name=\"x\"", "<reg name=x bitsize=64/>", "<reg name=\"x\" bitsize=\"0\"/>",
    "<reg name=\"x\" bitsize=\"99999999999999999999\"/>", "<reg bitsize=\"64\"/>", "<!-- <reg name=\"x\"",
    "<reg name=\"x\" bitsize=\"64\" regnum=\"-1\"/>", "<=\"\"'><<<>", "<reg = = =\"\">",
  ])
  func `what is no register is skipped`(text: String) {
    #expect(registers(text).isEmpty)
  }

  @Test func `no more registers are kept than any processor has`() {
    let text = String(repeating: "<reg name=\"x\" bitsize=\"64\"/>", count: 10_000)
    #expect(registers(text).count == 4096)
  }

  @Test func `only annexes with harmless names are followed`() {
    var scan = TargetDescriptionScan()
    scan.read(#"<xi:include href="aarch64-core.xml"/><xi:include href="a:0,1#"/><xi:include/>"#)
    #expect(scan.takeIncludes() == ["aarch64-core.xml"])
    #expect(scan.takeIncludes() == [])
  }

  @Test func `annexes that include each other are each read once`() throws {
    let client = RemoteProtocolClient(
      FakeStub { request in
        request.contains("target.xml")
          ? .reply(#"l<xi:include href="a.xml"/><xi:include href="target.xml"/>"#)
          : .reply(#"l<reg name="x0" bitsize="64"/><xi:include href="a.xml"/>"#)
      }.channel)
    let expected = [RegisterDescription(name: "x0", number: 0, bitWidth: 64)]
    #expect(try client.readRegisterDescriptions() == expected)
  }

  @Test func `a description without an end is given up`() {
    let client = RemoteProtocolClient(
      FakeStub { _ in .reply("m" + String(repeating: " ", count: 4096)) }.channel)
    let error = #expect(throws: TargetError.self) { try client.readRegisterDescriptions() }
    #expect(error?.endsConnection == true)
  }
}
