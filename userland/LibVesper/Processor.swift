internal import KernelObjects

/// The domain's own processor time.
public enum Processor {
  /// Gives up what is left of the present slice.
  public static func yield() {
    // It takes no capability and has nothing to refuse.
    _ = try? trap(.yield, on: .none, Message(label: 0), receivingInto: .none)
  }
}
