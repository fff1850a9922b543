internal import ExampleSupport
internal import KernelObjects
internal import LibVesper

/// A client of a scheduler with priorities: works when it is woken, and in the midst of it wakes those of higher priority.
/// The lowest always works. Arguments: address of all records, and its level; 0 is the highest.
@main
struct Level {
  private let program = Program(name: "level")
  private let records = Program.arguments[0]
  private let level = Program.arguments[1]
  private let burst: UInt64 = 1000

  static func main() { Level().run() }

  private func run() -> Never {
    let record = ClientRecord(of: level, at: records)
    do {
      while true {
        if level + 1 < ExampleSlot.clientCount {
          record.isReady = false
          _ = try NotificationCapability(ProgramSlot.notification.pointer).wait()
        }
        for step in 0..<burst {
          if step == burst / 2 { try wakeHigher() }
          record.count += 1
          if isHigherReady { record.outOfTurn += 1 }
        }
      }
    } catch {
      program.stop(at: "wake", error)
    }
  }

  private func wakeHigher() throws(Refusal) {
    for other in (0..<level).reversed() {
      ClientRecord(of: other, at: records).isReady = true
      try NotificationCapability(ExampleSlot.wake(other)).signal()
      try NotificationCapability(ExampleSlot.scheduler).signal()
    }
  }

  private var isHigherReady: Bool {
    for other in 0..<level where ClientRecord(of: other, at: records).isReady { return true }
    return false
  }
}
