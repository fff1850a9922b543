internal import ArgumentParser
internal import TargetLink

/// Where to log what goes over the line.
struct PacketLogOption: ParsableArguments {
  @Option(
    name: .customLong("packet-log"),
    help: "Write the packets that go to and come from a stub into this file, a line each.")
  var path: String?

  /// The log, if one is wanted: emptied, and ready to be written to.
  func open() throws(Failure) -> PacketLog? {
    guard let path else { return nil }
    do {
      return try PacketLog(path: path)
    } catch {
      throw Failure(.inputOutput, "cannot write the packet log \(path): \(error)")
    }
  }
}
