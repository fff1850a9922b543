import DriverProtocol
import Testing

@Suite struct SectorTests {
  private func are(_ bytes: UInt64, at address: UInt64 = 0x20_0000, first: UInt64, of count: UInt64 = 100)
    -> Bool
  {
    areSectors(bytes, at: address, first: first, sectorCount: count)
  }

  @Test func `whole sectors up to the last one are sectors of the disk`() {
    #expect(are(512, first: 0))
    #expect(are(512, first: 99))
    #expect(are(51_200, first: 0))
  }

  @Test func `what goes beyond the end is not`() {
    #expect(!are(512, first: 100))
    #expect(!are(1024, first: 99))
    #expect(!are(512, first: .max))
    #expect(!are(.max - 511, first: 1))
  }

  @Test func `parts of sectors are not, on the disk or in memory`() {
    #expect(!are(0, first: 0))
    #expect(!are(511, first: 0))
    #expect(!are(513, first: 0))
    #expect(!are(512, at: 0x20_0008, first: 0))
  }
}
