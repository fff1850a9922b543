public import KernelObjects

extension Rights {
  public static let readWrite = Rights.read.union(.write)
  public static let readExecute = Rights.read.union(.execute)
  /// What a client needs of an endpoint: to send, and to pass a capability along (also that to its answer).
  public static let call = Rights.write.union(.grant)
}
