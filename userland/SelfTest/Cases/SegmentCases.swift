internal import KernelObjects
internal import LibVesper

extension SelfTest {
  mutating func segmentCases() {
    mapping()
    mapRefusals()
    unmapping()
    protecting()
    translating()
    frames()
  }

  private mutating func mapping() {
    test("map makes a page readable and writable at its index") { t throws(Refusal) in
      let segment = try t.attachedSegment()
      try segment.map(try t.frame(), at: 5, rights: .readWrite)
      let word = try segment.address() + 5 << AddressSpace.pageBits
      Memory.write(0xfeed, at: word)
      t.equal(Memory.read(word), 0xfeed)
    }
    test("map shows one Frame in two segments through two capabilities") { t throws(Refusal) in
      let first = try t.attachedSegment()
      let second = try t.attachedSegment()
      let frame = try t.frame()
      try first.map(frame, at: 0, rights: .readWrite)
      try second.map(FrameCapability(try t.copy(frame.pointer)), at: 9, rights: .read)
      Memory.write(0xabcd, at: try first.address())
      t.equal(Memory.read(try second.address() + 9 << AddressSpace.pageBits), 0xabcd)
    }
    test("a Frame of a Segment that is gone can be mapped again") { t throws(Refusal) in
      let segment = try t.segment()
      let frame = try t.frame()
      try segment.map(frame, at: 0, rights: .read)
      try t.cnode.delete(segment.word)
      try t.segment().map(frame, at: 0, rights: .read)
    }
  }

  private mutating func mapRefusals() {
    test("map refuses what is not a Frame") { t throws(Refusal) in
      let segment = try t.segment()
      t.refused(.wrongType, 1, 6, mapCall(segment.pointer, segment.word, 0, 1))
      t.refused(.invalidCapability, 1, 64, mapCall(segment.pointer, t.slots(), 0, 1))
    }
    test("map refuses a Frame that is mapped") { t throws(Refusal) in
      let segment = try t.segment()
      let frame = try t.frame()
      try segment.map(frame, at: 0, rights: .read)
      t.refused(.alreadyMapped, 1, 0, mapCall(segment.pointer, frame.word, 1, 1))
    }
    test("map refuses a page that is taken") { t throws(Refusal) in
      let segment = try t.segment()
      try segment.map(try t.frame(), at: 2, rights: .read)
      t.refused(.alreadyMapped, 2, 0, mapCall(segment.pointer, try t.frame().word, 2, 1))
    }
    test("map refuses a page beyond the segment") { t throws(Refusal) in
      let segment = try t.segment()
      let frame = try t.frame().word
      t.refused(.outOfRange, 2, 512, mapCall(segment.pointer, frame, 512, 1))
      t.refused(.outOfRange, 2, 512, mapCall(segment.pointer, frame, .max, 1))
    }
    test("map refuses rights that the Frame's capability lacks") { t throws(Refusal) in
      let segment = try t.segment()
      let frame = try t.copy(try t.make(.frame), rights: .read)
      t.refused(.missingRight, 3, 2, mapCall(segment.pointer, frame.rawValue, 0, 3))
      t.refused(.missingRight, 3, 4, mapCall(segment.pointer, frame.rawValue, 0, 5))
      t.refused(.missingRight, 3, 6, mapCall(segment.pointer, frame.rawValue, 0, 7))
    }
    test("map refuses to write and execute, or not to read") { t throws(Refusal) in
      let segment = try t.segment()
      let frame = try t.frame().word
      try each([0, 2, 4, 6, 7]) { rights throws(Refusal) in
        t.refused(.invalidArgument, 3, rights, mapCall(segment.pointer, frame, 0, rights))
      }
      t.refused(.outOfRange, 3, 8, mapCall(segment.pointer, frame, 0, 8))
    }
    test("map refuses a Segment capability that does not write") { t throws(Refusal) in
      let segment = try t.copy(try t.make(.segment), rights: .readExecute)
      t.refused(.missingRight, 0, 2, mapCall(segment, try t.frame().word, 0, 1))
    }
  }

  private mutating func unmapping() {
    test("unmap refuses a Frame that is not mapped, or mapped elsewhere") { t throws(Refusal) in
      let segment = try t.segment()
      let other = try t.segment()
      let frame = try t.frame()
      t.refused(.notMapped, 1, 0, call(.segmentUnmap, on: segment.pointer, [frame.word]))
      try other.map(frame, at: 0, rights: .read)
      t.refused(.notMapped, 1, 0, call(.segmentUnmap, on: segment.pointer, [frame.word]))
      t.refused(.wrongType, 1, 6, call(.segmentUnmap, on: segment.pointer, [other.word]))
    }
    test("unmap frees the Frame and the page") { t throws(Refusal) in
      let segment = try t.segment()
      let frame = try t.frame()
      try segment.map(frame, at: 7, rights: .read)
      try segment.unmap(frame)
      try segment.map(try t.frame(), at: 7, rights: .read)
      try segment.map(frame, at: 8, rights: .read)
    }
  }

  private mutating func translating() {
    test("translate tells where pages lie that follow each other, and what may be done with them") {
      t throws(Refusal) in
      let segment = try t.segment()
      let first = try t.make(.frame, count: 4).rawValue
      let address = try FrameCapability(CapabilityPointer(first)).physicalAddress()
      for page in UInt64(0)..<3 {
        try segment.map(FrameCapability(CapabilityPointer(first + page)), at: 10 + page, rights: .readWrite)
      }
      try segment.map(FrameCapability(CapabilityPointer(first + 3)), at: 13, rights: .read)
      t.translates(segment, 10, to: address, .readWrite, pages: 3)
      t.translates(segment, 12, to: address + 0x2000, .readWrite, pages: 1)
      t.translates(segment, 13, to: address + 0x3000, .read, pages: 1)
      let readable = SegmentCapability(try t.copy(segment.pointer, rights: .read))
      t.translates(readable, 10, to: address, .read, pages: 3)
    }
    test("translate tells pages in memory from a device's") { t throws(Refusal) in
      let segment = try t.segment()
      try segment.map(try t.frame(), at: 511, rights: .read)
      try segment.map(
        FrameCapability(try t.copy(t.laboratory.realTimeClock.pointer)), at: 0, rights: .readWrite)
      t.holds(try segment.translate(0).isDevice)
      t.holds(try !segment.translate(511).isDevice)
      t.equal(try segment.translate(511).pageCount, 1)
    }
    test("translate refuses a page that is not there, or not any more") { t throws(Refusal) in
      let segment = try t.segment()
      let frame = try t.frame()
      try segment.map(frame, at: 5, rights: .read)
      t.refused(.notMapped, 1, 0, call(.segmentTranslate, on: segment.pointer, [4]))
      t.refused(.outOfRange, 1, 512, call(.segmentTranslate, on: segment.pointer, [512]))
      t.refused(.outOfRange, 1, 512, call(.segmentTranslate, on: segment.pointer, [.max]))
      try t.cnode.delete(frame.word)
      t.refused(.notMapped, 1, 0, call(.segmentTranslate, on: segment.pointer, [5]))
    }
  }

  private mutating func protecting() {
    test("protect refuses what map refuses") { t throws(Refusal) in
      let segment = try t.segment()
      let frame = try t.frame()
      t.refused(.notMapped, 1, 0, call(.segmentProtect, on: segment.pointer, [frame.word, 1]))
      try segment.map(frame, at: 0, rights: .read)
      t.refused(.invalidArgument, 2, 7, call(.segmentProtect, on: segment.pointer, [frame.word, 7]))
      t.refused(.invalidArgument, 2, 2, call(.segmentProtect, on: segment.pointer, [frame.word, 2]))
      t.refused(.outOfRange, 2, 8, call(.segmentProtect, on: segment.pointer, [frame.word, 8]))
    }
    test("protect refuses a Segment capability that does not write") { t throws(Refusal) in
      let segment = try t.segment()
      let frame = try t.frame()
      try segment.map(frame, at: 0, rights: .read)
      let reader = try t.copy(segment.pointer, rights: .read)
      t.refused(.missingRight, 0, 2, call(.segmentProtect, on: reader, [frame.word, 1]))
    }
    test("protect lets a page be written again") { t throws(Refusal) in
      let segment = try t.attachedSegment()
      let frame = try t.frame()
      try segment.map(frame, at: 0, rights: .read)
      t.equal(Memory.read(try segment.address()), 0)
      try segment.protect(frame, rights: .readWrite)
      Memory.write(5, at: try segment.address())
      try segment.protect(frame, rights: .read)
      t.equal(Memory.read(try segment.address()), 5)
    }
  }

  private mutating func frames() {
    test("synchronizeInstructions lets written code run") { t throws(Refusal) in
      let segment = try t.attachedSegment()
      let frame = try t.frame()
      try segment.map(frame, at: 0, rights: .readWrite)
      let address = try segment.address()
      Memory.write(Instructions.answer42, at: address)
      try frame.synchronizeInstructions()
      try segment.protect(frame, rights: .readExecute)
      t.equal(Instructions.execute(address), 42)
    }
    test("getAddress gives the place in physical memory, which a copy shares") { t throws(Refusal) in
      let frame = try t.frame()
      let copy = FrameCapability(try t.copy(frame.pointer, rights: .read))
      t.equal(try copy.physicalAddress(), try frame.physicalAddress())
      t.equal(try t.laboratory.realTimeClock.physicalAddress(), 0x0901_0000)
    }
  }
}

private func mapCall(_ segment: CapabilityPointer, _ frame: UInt64, _ index: UInt64, _ rights: UInt64)
  -> Answer
{
  call(.segmentMap, on: segment, [frame, index, rights])
}

extension Trial {
  fileprivate mutating func translates(
    _ segment: SegmentCapability, _ page: UInt64, to address: UInt64, _ rights: Rights, pages: UInt64,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    let words = call(.segmentTranslate, on: segment.pointer, [page]).words
    equal(words[0], address, file: file, line: line)
    equal(words[1], UInt64(rights.rawValue), file: file, line: line)
    equal(words[2], pages, file: file, line: line)
    equal(words[3], 0, file: file, line: line)
  }
}
