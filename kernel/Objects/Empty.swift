public struct PhysicalAddress { public var raw: UInt64; public init(_ r: UInt64) { raw = r } }
