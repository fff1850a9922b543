/// Why a block of memory cannot be used as a device tree.
public enum DeviceTreeError: Error {
  /// It does not begin with the device tree's magic number.
  case badMagic
  /// Its format is older or newer than version 17 can be read as.
  case unsupportedVersion
  /// Something lies outside the blob, or the structure is not properly nested.
  case malformed
  /// Nodes lie deeper than `DeviceTree.depthLimit`.
  case tooDeep
}
