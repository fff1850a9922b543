import Testing

@Suite(.enabled(if: StockGDB.isInstalled, "gdb-multiarch is not installed"))
struct StockGDBTests {
  private let machine = FakeMachine()

  @Test func `stock gdb attaches, inspects, breaks, steps and detaches`() throws {
    machine.load(FakeMachine.countingLoop)
    let bench = Bench(machine)
    let output = try StockGDB.run(
      [
        "printf \"attached at %#lx\\n\", $pc",
        "info registers x7 cpsr CurrentEL TTBR0_EL1",
        "break *0x40200008",
        "continue",
        "printf \"counted %#lx at %#lx\\n\", $x0, $pc",
        "x/2i 0x40200008",
        "stepi",
        "printf \"stepped to %#lx\\n\", $pc",
        "continue",
        "printf \"counted %#lx at %#lx\\n\", $x0, $pc",
        "set $x0 = 0x77",
        "set {int}0x40201000 = 0x12345678",
        "x/i 0",
        "info threads",
        "monitor help",
        "detach",
      ], on: bench)
    let expected = [
      "attached at 0x40200000", "x7             0x1007              4103", "[ SP EL=1 F I A D C Z ]",
      "CurrentEL      0x4", "TTBR0_EL1      <unavailable>", "counted 0x1001 at 0x40200008",
      "=> 0x40200008:\tnop", "stepped to 0x4020000c", "counted 0x1002 at 0x40200008",
      "Cannot access memory at address 0x0", "Thread 1 (domain 1)", "help: this", "detached",
    ]
    for text in expected { #expect(output.contains(text), "\(text) is missing in:\n\(output)") }
    #expect(!bench.isAttached && !bench.isStopped)
    #expect(machine.registers[0] > 0x77)
    #expect(machine.word(at: 0x4020_1000) == 0x1234_5678)
    #expect(machine.word(at: 0x4020_0008) == FakeMachine.Instruction.nop)
  }

  @Test func `a gdb that left without a word leaves no breakpoint to the next one`() throws {
    machine.load(FakeMachine.countingLoop)
    let bench = Bench(machine)
    _ = try StockGDB.run(
      ["set breakpoint always-inserted on", "break *0x40200008", "stepi", "shell kill -9 $PPID"], on: bench)
    #expect(machine.word(at: 0x4020_0008) == FakeMachine.Instruction.break)
    #expect(bench.isAttached && bench.isStopped)

    let output = try StockGDB.run(["printf \"attached at %#lx\\n\", $pc", "stepi", "detach"], on: bench)
    #expect(output.contains("attached at 0x40200004"), "\(output)")
    #expect(machine.word(at: 0x4020_0008) == FakeMachine.Instruction.nop)
    #expect(!bench.isAttached && !bench.isStopped)
  }

  @Test func `stock gdb compares sections and watches memory`() throws {
    machine.load(FakeMachine.countingLoop)
    machine.hardwareBreakpoints = []
    let output = try StockGDB.run(
      ["watch *(int*)0x40201000", "hbreak *0x40200004", "stepi", "info breakpoints", "kill"],
      on: Bench(machine))
    #expect(output.contains("Hardware watchpoint 1"), "\(output)")
    #expect(output.contains("Hardware assisted breakpoint 2"), "\(output)")
    #expect(machine.hardwareBreakpoints == [])
  }
}
