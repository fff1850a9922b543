import KernelObjects
import Testing

@Suite struct LayoutTests {
  @Test func `a slot takes 32 bytes, so that a CNode of radix n takes 2^(n+5)`() {
    #expect(MemoryLayout<Slot>.size == 1 << Slot.sizeBits)
    #expect(MemoryLayout<Slot>.stride == 32)
  }

  @Test func `objects fit the memory that a retype gives them`() {
    #expect(MemoryLayout<Domain>.size <= Int(Domain.floatingPointOffset))
    #expect(
      Int(Domain.floatingPointOffset) + MemoryLayout<FloatingPointState>.size <= 1 << Domain.sizeBits)
    #expect(MemoryLayout<Endpoint>.size <= 1 << Endpoint.sizeBits)
    #expect(MemoryLayout<Notification>.size <= 1 << Notification.sizeBits)
    #expect(MemoryLayout<BootInfo>.size <= 4096)
  }

  @Test func `a domain begins with the registers, in the order in which traps store them`() {
    #expect(MemoryLayout<Domain>.offset(of: \.registers) == 0)
    #expect(MemoryLayout<RegisterFrame>.size == RegisterFrame.count * 8)
    #expect(MemoryLayout<RegisterFrame>.offset(of: \.sp) == 31 * 8)
    #expect(MemoryLayout<RegisterFrame>.offset(of: \.pc) == 32 * 8)
    #expect(MemoryLayout<RegisterFrame>.offset(of: \.pstate) == 33 * 8)
    #expect(MemoryLayout<RegisterFrame>.offset(of: \.tpidr) == 34 * 8)
  }

  @Test func `floating-point registers lie as they are saved, and their words have consecutive numbers`() {
    #expect(Domain.floatingPointOffset % 16 == 0)
    #expect(MemoryLayout<FloatingPointState>.offset(of: \.fpsr) == 0)
    #expect(MemoryLayout<FloatingPointState>.offset(of: \.fpcr) == 8)
    #expect(MemoryLayout<FloatingPointState>.offset(of: \.v) == 16)
    #expect(MemoryLayout<FloatingPointState>.size == FloatingPointState.registers.count * 8)
    #expect(FloatingPointState.registers.lowerBound >= UInt64(RegisterFrame.count))
    #expect(FloatingPointState.registers.lowerBound + 2 == 64)
  }

  @Test func `a domain's own slots lie side by side, at addresses that slot numbers can name`() {
    let offsets = [
      MemoryLayout<Domain>.offset(of: \.cnodeRoot), MemoryLayout<Domain>.offset(of: \.protectionDomain),
      MemoryLayout<Domain>.offset(of: \.faultEndpoint), MemoryLayout<Domain>.offset(of: \.replyMaster),
      MemoryLayout<Domain>.offset(of: \.caller), MemoryLayout<Domain>.offset(of: \.controlBlock),
    ]
    for (position, which) in Domain.OwnSlot.allCases.enumerated() {
      #expect(which.rawValue == UInt64(position))
      #expect(offsets[position] == Int(Domain.ownSlotOffset) + 32 * position)
    }
    #expect(Domain.ownSlotOffset % 32 == 0)
    #expect(Domain.ownSlotCount == UInt64(Domain.OwnSlot.allCases.count))
  }

  @Test func `contexts follow a control block and fit in its frame, each as the trap code lays it out`() {
    let words = [
      MemoryLayout<ControlBlock>.offset(of: \.isOn), MemoryLayout<ControlBlock>.offset(of: \.isPending),
      MemoryLayout<ControlBlock>.offset(of: \.entry), MemoryLayout<ControlBlock>.offset(of: \.stack),
      MemoryLayout<ControlBlock>.offset(of: \.flags), MemoryLayout<ControlBlock>.offset(of: \.saveIndex),
      MemoryLayout<ControlBlock>.offset(of: \.reason), MemoryLayout<ControlBlock>.offset(of: \.events),
      MemoryLayout<ControlBlock>.offset(of: \.savedIndex),
      MemoryLayout<ControlBlock>.offset(of: \.faultKind),
      MemoryLayout<ControlBlock>.offset(of: \.faultAddress),
      MemoryLayout<ControlBlock>.offset(of: \.faultSyndrome),
    ]
    #expect(words == ControlBlock.Word.allCases.map { Int($0.offset) })
    #expect(ControlBlock.contextOffset == 128)
    #expect(ControlBlock.contextStride == 288)
    #expect(ControlBlock.contextCount == 13)
    #expect(MemoryLayout<SavedContext>.offset(of: \.registers) == 0)
    #expect(ControlBlock.contextOffset + ControlBlock.contextCount * ControlBlock.contextStride <= 4096)
  }

  @Test func `the slots in the kernel's state are aligned, too`() {
    #expect(MemoryLayout<KernelState>.offset(of: \.origin) == 0)
    #expect(KernelState.spareOffset % 32 == 0)
    #expect(KernelState.irqsOffset % 32 == 0)
    #expect(MemoryLayout<IRQEntry>.stride % 32 == 0)
    #expect(MemoryLayout<IRQEntry>.offset(of: \.notification) == 0)
  }
}
