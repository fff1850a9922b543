/// What a running kernel says about itself: identity, constants, and where each field of each object is.
///
/// It was read out of the target. Sizes and positions are checked when they are looked up.
package struct KernelDescriptor: Sendable {
  package var version = ""
  package var build = ""
  package var board = ""
  var constants: [String: UInt64] = [:]
  var objectSizes: [String: UInt64] = [:]
  /// Keyed `OBJECT.NAME`.
  var fields: [String: LayoutField] = [:]
  /// Keyed `OBJECT.NAME`.
  var bits: [String: BitRange] = [:]
  /// Names by number of each enumeration.
  var values: [String: [UInt64: String]] = [:]

  /// How messages name this kernel.
  package var kernelName: String { "kernel vesper \(version) (build \(build))" }

  /// An object larger than this is not one of the kernel's.
  package static let objectSizeLimit: UInt64 = 1 << 20
}

extension KernelDescriptor {
  package func constant(_ name: String) throws(InspectionError) -> UInt64 {
    guard let value = constants[name] else { throw missing("constant \(name)") }
    return value
  }

  /// Size in bytes of an object.
  package func size(of object: String, limit: UInt64 = objectSizeLimit) throws(InspectionError) -> Int {
    guard let size = objectSizes[object] else { throw missing("object \(object)") }
    guard size > 0, size <= limit else {
      throw implausible("an object \(object) of \(size) bytes")
    }
    return Int(size)
  }

  /// A field that holds an unsigned integer.
  package func integer(_ object: String, _ name: String) throws(InspectionError) -> LayoutField {
    let field = try self.field(object, name)
    guard [1, 2, 4, 8].contains(field.size) else {
      throw implausible("an integer \(object).\(name) of \(field.size) bytes")
    }
    return field
  }

  /// A field of any size that lies within its object.
  package func field(_ object: String, _ name: String) throws(InspectionError) -> LayoutField {
    guard let field = fields[object + "." + name] else { throw missing("field \(object).\(name)") }
    let size = try self.size(of: object)
    guard field.offset >= 0, field.size > 0, field.offset <= size, field.size <= size - field.offset else {
      throw implausible("a field \(object).\(name) outside of its object")
    }
    return field
  }

  /// A field that is a table of objects called `element`; as many as fit.
  package func table(_ object: String, _ name: String, of element: String) throws(InspectionError)
    -> LayoutTable
  {
    let field = try self.field(object, name)
    let stride = try size(of: element)
    guard field.size >= stride else { throw implausible("a table \(object).\(name) without an element") }
    return LayoutTable(offset: field.offset, stride: stride, count: field.size / stride)
  }

  package func bits(_ object: String, _ name: String) throws(InspectionError) -> BitRange {
    guard let range = bits[object + "." + name] else { throw missing("bits \(object).\(name)") }
    guard range.word < 2, range.width > 0, range.width < 64, range.shift <= 64 - range.width else {
      throw implausible("bits \(object).\(name) outside of their word")
    }
    return range
  }

  /// The names of an enumeration's numbers.
  package func names(of enumeration: String) throws(InspectionError) -> [UInt64: String] {
    guard let names = values[enumeration] else { throw missing("enumeration \(enumeration)") }
    return names
  }

  func missing(_ what: String) -> InspectionError { .missing(kernel: kernelName, what: what) }

  func implausible(_ what: String) -> InspectionError { .implausible(kernel: kernelName, what: what) }
}
