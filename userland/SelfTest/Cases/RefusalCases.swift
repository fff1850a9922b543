internal import KernelObjects
internal import LibVesper

/// Refusals that no other case is about.
extension SelfTest {
  mutating func refusalCases() {
    argumentsThatAreNoCapabilities()
    argumentsThatAreWrong()
  }

  private mutating func argumentsThatAreNoCapabilities() {
    test("a CNode's invocations refuse a source CNode that is no capability") { t throws(Refusal) in
      let empty = t.slots()
      t.refused(.invalidCapability, 2, 64, call(.cnodeMint, on: t.cnode.pointer, [empty, empty, 0, 7, 0, 0]))
      t.refused(.invalidCapability, 2, 64, call(.cnodeMove, on: t.cnode.pointer, [empty, empty, 0]))
    }
    test("configure refuses a fault endpoint that is no capability") { t throws(Refusal) in
      let domain = try t.make(.domain)
      let words = [t.cnode.word, t.laboratory.protectionDomain.word, t.slots()] as InlineArray<3, UInt64>
      t.refused(.invalidCapability, 3, 64, call(.domainConfigure, on: domain, words))
    }
    test("detach and install refuse what is no capability") { t throws(Refusal) in
      let space = try t.protectionDomain().pointer
      let empty = t.slots()
      t.refused(.invalidCapability, 1, 64, call(.protectionDomainDetach, on: space, [empty]))
      t.refused(.invalidCapability, 1, 64, call(.protectionDomainInstall, on: space, [empty, 0]))
    }
    test("unmap and protect refuse what is no capability") { t throws(Refusal) in
      let segment = try t.segment().pointer
      let empty = t.slots()
      t.refused(.invalidCapability, 1, 64, call(.segmentUnmap, on: segment, [empty]))
      t.refused(.invalidCapability, 1, 64, call(.segmentProtect, on: segment, [empty, 1]))
    }
    test("split and get refuse a CNode that is no capability") { t throws(Refusal) in
      let empty = t.slots()
      let time = t.laboratory.spareTime.pointer
      t.refused(.invalidCapability, 2, 64, call(.timeSliceSplit, on: time, [1, empty, 0]))
      let control = t.laboratory.irqControl.pointer
      t.refused(.invalidCapability, 3, 64, call(.irqControlGet, on: control, [101, 0, empty, 0]))
    }
  }

  private mutating func argumentsThatAreWrong() {
    test("mint refuses slots beyond a CNode's end") { t throws(Refusal) in
      let own = t.cnode.word
      let endpoint = try t.endpoint()
      t.refused(
        .outOfRange, 1, 4096, call(.cnodeMint, on: t.cnode.pointer, [4096, own, endpoint.word, 7, 0, 0]))
      t.refused(.outOfRange, 3, 4096, call(.cnodeMint, on: t.cnode.pointer, [t.slots(), own, 4096, 7, 0, 0]))
    }
    test("a domain does not read its own registers") { t throws(Refusal) in
      t.refused(.invalidArgument, 0, 0, call(.domainReadRegisters, on: t.laboratory.domain.pointer, [0]))
    }
    test("protect refuses what is no Frame") { t throws(Refusal) in
      let endpoint = try t.endpoint()
      let type = UInt64(CapabilityType.endpoint.rawValue)
      t.refused(
        .wrongType, 1, type, call(.segmentProtect, on: try t.segment().pointer, [endpoint.word, 1]))
    }
    test("protect gives no right that the Frame's capability lacks") { t throws(Refusal) in
      let segment = try t.attachedSegment()
      let frame = FrameCapability(try t.copy(try t.frame().pointer, rights: .read))
      try segment.map(frame, at: 0, rights: .read)
      let rights = UInt64(Rights.readWrite.rawValue)
      t.refused(
        .missingRight, 2, UInt64(Rights.write.rawValue),
        call(.segmentProtect, on: segment.pointer, [frame.word, rights]))
    }
  }
}
