internal import KernelObjects

extension Model {
  mutating func activationReturn(_ domain: ObjectName) throws(Refused) { throw Refused(.notConfigured) }
}
