import Foundation
import SystemPackage
import Testing

@testable import TargetLink

/// The memory of empty `virt` machines, found in their QEMUs.
@Suite(.serialized) struct GuestMemoryTests {
  private static let base: UInt64 = 0x4000_0000
  private static let marker = Array("here is the guest's memory".utf8)

  private func machine(_ memory: String, _ arguments: [String] = []) throws -> QEMUMachine {
    var settings = QEMUSettings()
    settings.memory = memory
    settings.arguments = arguments
    return try QEMUMachine(settings)
  }

  private func emulator(_ machine: QEMUMachine) throws -> RunningEmulator {
    try QEMUDiscovery.emulator(named: String(machine.processID))
  }

  /// Writes to the end of a guest's memory through QEMU's stub, and expects it there by `qemu:`.
  private func expectFound(_ machine: QEMUMachine, size: UInt64, prefersFiles: Bool = false) throws {
    let place = Self.base + size - UInt64(Self.marker.count)
    let stub = try machine.gdb.attach()
    try stub.writePhysical(Self.marker, at: place)
    let memory = try GuestMemorySearch(emulator: emulator(machine)).find(prefersFiles: prefersFiles)
    let target = QEMUMemoryTarget(memory: memory, wayIn: "test")
    let start = try stub.readPhysical(address: Self.base, count: 4096)
    let read = try target.readPhysical([
      MemoryRange(address: place, count: Self.marker.count), MemoryRange(address: Self.base, count: 4096),
      MemoryRange(address: Self.base + size, count: 1), MemoryRange(address: place, count: 4096),
      MemoryRange(address: Self.base, count: 0), MemoryRange(address: .max, count: 2),
      MemoryRange(address: Self.base, count: -1),
    ])
    #expect(read == [Self.marker, start, nil, nil, [], nil, nil])
  }

  @Test(arguments: [
    ("16M", 16 << 20 as UInt64), ("64M", 64 << 20), ("129M", 129 << 20), ("0.5G", 512 << 20), ("3G", 3 << 30),
    ("size=130,slots=2,maxmem=1G", 130 << 20),
  ])
  func `it is found whatever its size`(memory: String, size: UInt64) throws {
    try expectFound(machine(memory), size: size)
  }

  @Test(arguments: [
    "memory-backend-ram,id=ram,size=192M", "memory-backend-memfd,id=ram,size=192M,share=on",
    "memory-backend-memfd,id=ram,size=192M,share=off",
    "memory-backend-file,id=ram,size=192M,share=on,mem-path=/dev/shm",
    "memory-backend-file,id=ram,size=192M,share=off,mem-path=/dev/shm",
  ])
  func `it is found whatever backs it`(backend: String) throws {
    try expectFound(
      machine("192M", ["-object", backend, "-machine", "memory-backend=ram"]), size: 192 << 20)
  }

  /// Large pages must be set aside by the administrator (`sysctl vm.nr_hugepages`).
  private static let hasHugePages =
    (try? String(contentsOfFile: "/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages", encoding: .utf8))
    .flatMap { Int($0.dropLast()) }.map { $0 >= 16 } ?? false

  @Test(.enabled(if: hasHugePages)) func `it is found in large pages`() throws {
    let backend = "memory-backend-memfd,id=ram,size=32M,share=on,hugetlb=on,hugetlbsize=2M"
    try expectFound(machine("32M", ["-object", backend, "-machine", "memory-backend=ram"]), size: 32 << 20)
  }

  @Test func `of several parts it is found by the monitor`() throws {
    let parts = (0..<2).flatMap {
      ["-object", "memory-backend-ram,id=m\($0),size=32M", "-numa", "node,memdev=m\($0)"]
    }
    try expectFound(machine("64M", parts), size: 64 << 20)
  }

  @Test func `a monitor for people serves as well`() throws {
    let path = "/tmp/vesper-test-\(getpid())-monitor.sock"
    let machine = try machine("64M", ["-monitor", "unix:\(path),server=on,wait=off"])
    defer { unlink(path) }
    let busy = try QEMUMonitor(address: .unixSocket(machine.monitorPath))
    let monitor = try QEMUMonitor(address: .unixSocket(path), processID: machine.processID)
    #expect(try monitor.guestMemory().contains { $0.guest == Self.base && $0.size == 64 << 20 })
    withExtendedLifetime(busy) {}
  }

  @Test func `a monitor of another process is not believed`() throws {
    let machine = try machine("16M")
    #expect(throws: TargetError.self) {
      try QEMUMonitor(address: .unixSocket(machine.monitorPath), processID: machine.processID + 1)
    }
  }

  @Test func `among several mappings of its size, without a monitor, the one with a kernel is it`() throws {
    // As large as each of virt's two flash memories.
    let machine = try machine("64M")
    let busy = try QEMUMonitor(address: .unixSocket(machine.monitorPath))
    let search = GuestMemorySearch(emulator: try emulator(machine), monitorTimeout: .milliseconds(100))
    let error = #expect(throws: TargetError.self) { try search.find() }
    #expect(error?.description.contains("as large as its memory") == true, "\(String(describing: error))")
    let stub = try machine.gdb.attach()
    try stub.writePhysical(Array("VESPER k".utf8) + Self.secondMagic, at: Self.base + 0x20_3000)
    stub.detach()
    try expectFound(machine, size: 64 << 20)
    withExtendedLifetime(busy) {}
  }

  private static let secondMagic = GuestMemorySearch.magic.dropFirst(8)

  @Test func `shared memory is read through its file where the process may not be traced`() throws {
    let machine = try machine(
      "64M",
      [
        "-object", "memory-backend-memfd,id=ram,size=64M,share=on", "-machine", "memory-backend=ram",
      ])
    try expectFound(machine, size: 64 << 20, prefersFiles: true)
    let memory = try GuestMemorySearch(emulator: emulator(machine)).find(prefersFiles: true)
    machine.end()
    #expect(throws: TargetError.closed(during: "reading memory")) {
      try memory.read([MemoryRange(address: Self.base, count: 1)])
    }
  }

  @Test func `a QEMU that has ended is closed, then and ever after`() throws {
    let machine = try machine("16M")
    let target = try TargetSpecification.qemu(String(machine.processID)).attach()
    machine.end()
    for _ in 0..<2 {
      #expect(throws: TargetError.closed(during: "reading memory")) {
        try target.readPhysical(address: Self.base, count: 4)
      }
      #expect(throws: TargetError.closed(during: "listening")) { try target.waitForStop(timeout: .zero) }
    }
  }

  @Test func `it is found by name, and a name of two is asked about`() throws {
    let name = "vesper-test-\(getpid())"
    let first = try machine("16M", ["-name", name])
    #expect(try QEMUDiscovery.emulator(named: name).processID == first.processID)
    let second = try machine("16M", ["-name", "\(name),process=other"])
    let both = [first.processID, second.processID].sorted()
    #expect(throws: TargetError.noSuchEmulator(name, list: both)) { try QEMUDiscovery.emulator(named: name) }
    #expect(throws: TargetError.noSuchEmulator("\(name)x", list: [])) {
      try QEMUDiscovery.emulator(named: "\(name)x")
    }
    // This process is no QEMU.
    #expect(throws: TargetError.noSuchEmulator(String(getpid()), list: [])) {
      try QEMUDiscovery.emulator(named: String(getpid()))
    }
  }
}

/// Reading of the texts that lead to a guest's memory.
struct GuestMemoryTextTests {
  @Test(
    arguments: [
      (nil, nil, "the kernel forbids it"), (1, UInt8(ascii: "0"), "the kernel forbids it"),
      (1, UInt8(ascii: "1"), "kernel.yama.ptrace_scope is 1; set it to 0"),
      (1, UInt8(ascii: "3"), "kernel.yama.ptrace_scope is 3"),
      (0, UInt8(ascii: "1"), "it belongs to user root; run vesper as that user"),
      (4_000_000_000, nil, "it belongs to user 4000000000; run vesper as that user"),
    ] as [(owner: uid_t?, scope: UInt8?, reason: String)])
  func `who may not read a process is told why`(owner: uid_t?, scope: UInt8?, reason: String) {
    #expect(ProcessAccess.refusal(ofUser: owner, to: 1, scope: scope).hasPrefix(reason))
  }

  @Test func `mappings that were divided by their pages are one memory, also beside what looks alike`() {
    let mappings = ProcessMapping.parse(
      """
      7efffff00000-7f0000000000 rw-p 00000000 00:00 0
      7f0000000000-7f0000200000 rw-p 00000000 00:00 0 
      7f0000200000-7f0000400000 rw-p 00000000 00:00 0
      7f0000400000-7f0000401000 ---p 00000000 00:00 0
      7f0000401000-7f0000403000 rw-s 00001000 00:01 77                         /memfd:a b (deleted)
      7f0000403000-7f0000404000 rw-s 00003000 00:01 77                         /memfd:a b (deleted)
      7f0000404000-7f0000405000 rw-s 00009000 00:01 77                         /memfd:a b (deleted)
      nonsense
      7f0000405000-7f0000405000 rw-p 00000000 00:00 0
      """)
    #expect(mappings.count == 7)
    #expect(ProcessMapping.runs(of: 0x40_0000, in: mappings).map(\.start) == [0x7f00_0000_0000])
    #expect(ProcessMapping.runs(of: 0x3000, in: mappings).map(\.fileOffset) == [0x1000])
    #expect(ProcessMapping.runs(of: 0x4000, in: mappings).isEmpty, "the file goes on elsewhere")
    #expect(ProcessMapping.covers(0x7f00_0010_0000, size: 0x30_0000, in: mappings))
    #expect(
      !ProcessMapping.covers(0x7f00_0010_0000, size: 0x30_0001, in: mappings), "a page that is not writable")
    #expect(!ProcessMapping.covers(.max, size: 2, in: mappings))
    #expect(mappings[4].path == "/memfd:a b (deleted)")
    #expect(mappings[4].isShared)
  }

  @Test(arguments: [
    ("512", 512 << 20 as UInt64?), ("512M", 512 << 20), ("2G", 2 << 30), ("1.5g", 3 << 29),
    ("65536k", 64 << 20),
    ("0.5T", 1 << 39), ("4096B", 4096), ("", nil), ("M", nil), ("-1", nil), ("x", nil),
    ("99999999999999999999G", nil), ("18446744073709551615G", nil),
  ])
  func `sizes are read as QEMU reads them`(text: String, bytes: UInt64?) {
    #expect(QEMUSize.bytes(text) == bytes)
  }

  @Test func `of the trees that a monitor prints, the processor's memory counts`() {
    let ranges = QEMUMonitor.memoryRanges(
      """
      FlatView #0
       AS "I/O", root: io
        0000000000000000-000000000000ffff (prio 0, ram): io

      FlatView #1
       AS "memory", root: system
        0000000000000000-0000000003ffffff (prio 0, romd): virt.flash0
        0000000040000000-00000000480fffff (prio 0, ram): mach-virt.ram
        ffffffffffffffff-0000000000000000 (prio 0, ram): odd
        zz (prio 0, ram): odd
      """)
    #expect(ranges.map(\.first) == [0x4000_0000])
    #expect(ranges.map(\.last) == [0x480f_ffff])
  }

  @Test func `a monitor's text is what its JSON means`() {
    let answer = #"{"event": "x"}\n{"return": "a \"b\"\r\nc\\d\t\u0041"}"#
    #expect(JSONText.string(after: "\"return\"", in: answer) == "a \"b\"\nc\\d\tA")
    #expect(JSONText.string(after: "\"return\"", in: #"{"return": {}}"#) == nil)
    #expect(JSONText.string(after: "\"return\"", in: #"{"return": "open"#) == nil)
    #expect(JSONText.escaped(#"a"b\"#) == #"a\"b\\"#)
  }
}
