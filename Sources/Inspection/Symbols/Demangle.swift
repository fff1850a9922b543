#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The demangler that every Swift program carries in the standard library (`swift/Demangling/Demangle.h`). It has
/// no declaration in Swift; this is the one place that names it.
@_silgen_name("swift_demangle")
private func swiftDemangle(
  _ name: UnsafePointer<CChar>, _ length: Int, _ output: UnsafeMutablePointer<CChar>?,
  _ outputSize: UnsafeMutablePointer<Int>?, _ flags: UInt32
) -> UnsafeMutablePointer<CChar>?

/// The name as it was written in the source, if it is a mangled Swift name; else the name itself.
func demangle(_ name: String) -> String {
  guard name.hasPrefix("$s") || name.hasPrefix("$e") else { return name }
  guard let result = name.withCString({ swiftDemangle($0, name.utf8.count, nil, nil, 0) }) else {
    return name
  }
  defer { free(result) }
  return String(cString: result)
}
