import Glibc
import SystemPackage
import Testing

@testable import TargetLink

struct QEMUMachineTests {
  @Test func `a machine that runs is discovered with its ways in, and gone when it has ended`() throws {
    var settings = QEMUSettings()
    settings.memory = "64M"
    settings.arguments = ["-name", "discovered,process=other"]
    let machine = try QEMUMachine(settings)
    let found = try #require(
      QEMUDiscovery.runningEmulators().first { $0.processID == machine.processID })
    #expect(found.program == "qemu-system-aarch64")
    #expect(found.name == "discovered")
    #expect(found.memory == "64M")
    #expect(found.waysIn == [machine.serial, machine.gdb, .qemu(String(machine.processID))])
    #expect(found.uptime.map { $0 < .seconds(600) } == true)
    machine.end()
    #expect(!QEMUDiscovery.runningEmulators().contains { $0.processID == machine.processID })
  }

  @Test func `its sockets are nobody else's business, and are removed with it`() throws {
    let machine = try QEMUMachine(QEMUSettings())
    let folder = String(machine.serialPath.dropLast("/serial.sock".count))
    var information = stat()
    #expect(stat(folder, &information) == 0)
    #expect(information.st_mode & 0o777 == 0o700)
    machine.end()
    #expect(access(folder, F_OK) != 0)
  }

  @Test func `a QEMU that refuses its arguments is quoted`() {
    var settings = QEMUSettings()
    settings.machine = "toaster"
    let error = #expect(throws: QEMULaunchError.self) { try QEMUMachine(settings) }
    #expect(error?.description.contains("unsupported machine type") == true)
  }

  @Test func `a program that does not exist is named`() {
    var settings = QEMUSettings()
    settings.program = "no-such-emulator"
    #expect(throws: QEMULaunchError.cannotStart(program: "no-such-emulator", .noSuchFileOrDirectory)) {
      try QEMUMachine(settings)
    }
  }

  @Test func `a machine that is killed from outside has ended`() throws {
    let machine = try QEMUMachine(QEMUSettings())
    #expect(!machine.hasEnded)
    kill(machine.processID, SIGKILL)
    while !machine.hasEnded { usleep(1_000) }
    #expect(throws: TargetError.self) { try machine.start() }
  }
}
