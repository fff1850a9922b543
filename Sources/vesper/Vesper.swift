internal import ArgumentParser

@main
struct Vesper: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vesper",
    abstract: "Inspect a running Vesper kernel: domains, capabilities, who holds what authority over whom.",
    discussion: """
      A TARGET names the kernel's own stub, on its serial line:
        serial:unix:PATH, serial:tcp:HOST:PORT, serial:/dev/…
      or the stub of the QEMU that runs it:
        gdb:HOST:PORT, gdb:unix:PATH
      or that stub opened by the monitor of a QEMU on this machine that was started without it:
        monitor:PID, monitor:NAME
      or the memory of a QEMU on this machine, by its process number or -name, read while it runs:
        qemu:PID, qemu:NAME
      or a file with the memory of a system, as `vesper save` or QEMU's dump-guest-memory makes it, also compressed:
        core:FILE

      Exit status:
        0   done
        1   a command was refused, or found what it looks for
        64  the command line, or a command, cannot be understood
        65  the target is not a Vesper kernel that can be read
        69  the target cannot be reached, or the system cannot be started
        74  the target was lost, or an answer or the packet log cannot be written
      """,
    subcommands: [
      RunCommand.self, PsCommand.self, AttachCommand.self, ExecCommand.self, DumpCommand.self,
      CheckCommand.self, SaveCommand.self,
    ])
}
