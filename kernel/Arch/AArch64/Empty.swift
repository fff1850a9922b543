public import KernelCore
public import KernelObjects
import _Volatile
public struct M: MachineInterface { public init() {} ; @inline(__always) public func poke(_ a: PhysicalAddress) { unsafe VolatileMappedRegister<UInt32>(unsafeBitPattern: 0x9000000).store(UInt32(truncatingIfNeeded: a.raw)) } }
