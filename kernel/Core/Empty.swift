public import KernelObjects
public protocol MachineInterface { func poke(_ a: PhysicalAddress) }
public struct Kernel<M: MachineInterface> { public var machine: M; public init(machine: M) { self.machine = machine }
  public func go(_ a: UInt64) throws(KErr) { if a == 3 { throw .bad }; machine.poke(PhysicalAddress(a)) } }
public enum KErr: Error { case bad }
