internal import Devices
internal import DriverProtocol
internal import DriverSupport
internal import KernelObjects
internal import LibVesper

/// What is still to be carried between a client's memory and the disk.
struct Transfer {
  let operation: VirtIOBlock.Operation
  /// Virtual address of the first byte.
  var address: UInt64
  /// Bytes.
  var count: UInt64
  var sector: UInt64

  /// What the client must be allowed to do with the memory itself.
  private var rights: Rights { operation == .read ? .write : .read }

  /// Whether all of it may be read or written through what the client shares.
  func isShared(by client: UInt64, in memory: borrowing ClientMemory) -> Bool {
    memory.isShared(address, count: count, by: client, rights: rights)
  }

  /// Takes what is in one place in physical memory off the front; these are whole sectors, since pages are.
  mutating func takePiece(of client: UInt64, in memory: borrowing ClientMemory) -> (
    address: UInt64, count: UInt64
  )? {
    guard let piece = memory.piece(at: address, count: count, of: client, rights: rights) else { return nil }
    address += piece.count
    count -= piece.count
    sector += piece.count / BlockRequest.sectorSize
    return piece
  }
}
