import Testing

@testable import TargetLink

struct QEMUCommandLineTests {
  private func emulator(_ arguments: String, terminals: [String] = []) -> RunningEmulator {
    let words = arguments.split(separator: " ").map(String.init)
    let line = QEMUCommandLine(arguments: words, workingFolder: "/home/me", terminals: terminals)
    return RunningEmulator(processID: 7, program: "qemu-system-aarch64", commandLine: line)
  }

  private func waysIn(_ arguments: String, terminals: [String] = []) -> [String] {
    emulator(arguments, terminals: terminals).waysIn.map(\.description)
  }

  @Test func `a machine is described as its command line describes it`() {
    let found = emulator(
      "-name guest=test,process=other -M virt,virtualization=on -cpu cortex-a72,pmu=off -m size=2G,slots=2 "
        + "-kernel build/vesper-kernel.elf -display none")
    #expect(found.name == "test")
    #expect(found.machine == "virt")
    #expect(found.processor == "cortex-a72")
    #expect(found.memory == "2G")
    #expect(found.kernel == "/home/me/build/vesper-kernel.elf")
    #expect(found.waysIn.isEmpty)
  }

  @Test func `nothing is made up about a bare command line`() {
    let found = emulator("disk.img")
    #expect(
      [found.name, found.machine, found.processor, found.memory, found.kernel] == [nil, nil, nil, nil, nil])
  }

  @Test(arguments: [
    ("-s", ["gdb:localhost:1234"]),
    ("-gdb tcp::5555", ["gdb:localhost:5555"]),
    ("--gdb tcp:192.168.0.1:5555,server,nowait", ["gdb:192.168.0.1:5555"]),
    ("-gdb tcp:0.0.0.0:5555,server=on,wait=off", ["gdb:localhost:5555"]),
    ("-gdb tcp:[::1]:5555", ["gdb:[::1]:5555"]),
    ("-gdb unix:/tmp/g.sock,server=on,wait=off", ["gdb:unix:/tmp/g.sock"]),
    ("-gdb unix:g,,1.sock,server,nowait", ["gdb:unix:/home/me/g,1.sock"]),
    ("-chardev socket,path=/tmp/g.sock,id=g,server=on,wait=off -gdb chardev:g", ["gdb:unix:/tmp/g.sock"]),
    ("-gdb stdio", []),
    ("-gdb none", []),
    ("-gdb unix:/tmp/g.sock,server=off", []),
    ("-append -s -initrd -gdb", []),
  ])
  func `its stub is found however it is spelled`(arguments: String, expected: [String]) {
    #expect(waysIn(arguments) == expected)
  }

  @Test(arguments: [
    ("-serial unix:/tmp/s.sock,server=on,wait=off", ["serial:unix:/tmp/s.sock"]),
    ("-serial unix:s.sock,server,nowait", ["serial:unix:/home/me/s.sock"]),
    ("-serial tcp::4444,server=on", ["serial:tcp:localhost:4444"]),
    ("-serial tcp:somewhere:4444", []),
    ("-serial mon:unix:/tmp/s.sock,server", ["serial:unix:/tmp/s.sock"]),
    ("-serial mon:stdio", []),
    ("-nographic", []),
    ("-serial file:log", []),
    (
      "-chardev socket,id=a,host=,port=4444,server=on,mux=on -serial chardev:a", ["serial:tcp:localhost:4444"]
    ),
    ("-chardev pty,id=a -serial chardev:a", ["serial:/dev/pts/9"]),
    ("-serial pty", ["serial:/dev/pts/9"]),
    ("-serial chardev:missing", []),
    ("-serial null -serial pty", []),
  ])
  func `its first serial line is found however it is spelled`(arguments: String, expected: [String]) {
    #expect(waysIn(arguments, terminals: ["/dev/pts/9"]) == expected)
  }

  @Test func `a pseudo-terminal is not guessed among several`() {
    #expect(waysIn("-serial pty", terminals: ["/dev/pts/8", "/dev/pts/9"]) == [])
  }

  @Test func `monitors are found however they are spelled`() {
    let found = emulator(
      "-qmp unix:/tmp/q.sock,server=on,wait=off -monitor tcp:127.0.0.1:55,server "
        + "-chardev socket,id=m,path=/tmp/m.sock,server=on -mon chardev=m,mode=control -monitor stdio")
    #expect(
      found.monitors == [
        .unixSocket("/tmp/q.sock"), .tcp(host: "127.0.0.1", port: 55), .unixSocket("/tmp/m.sock"),
      ])
  }

  @Test(arguments: [
    "-serial", "-gdb", "-m", "-chardev -serial chardev:", "-serial unix:", "-gdb tcp:x", "-", "--",
  ])
  func `a command line that ends too early or says nothing is harmless`(arguments: String) {
    #expect(waysIn(arguments).filter { $0.contains("gdb") } == [])
  }
}
