internal import Glibc
internal import SystemPackage

/// Writes the memory of a target into a file as an ELF core, piece by piece.
///
/// The file appears under its name when all is in it, and not before: until then it is another one beside it.
package struct CoreWriter {
  /// What became of it.
  package struct Outcome: Equatable, Sendable {
    /// Bytes of memory.
    package var size: UInt64 = 0
    /// Bytes that the target refused; zeros are there instead.
    package var missing: UInt64 = 0
  }

  private let target: any Target
  private let ranges: [MemoryRange]
  private let registers: [RegisterValue]
  /// In bytes; what is in memory at once.
  private static let chunk = 1 << 20
  private static let pageSize = 4096

  /// `ranges` are the physical memory to be written, at most 65,534 of them; `registers` those of the processor, if
  /// the target is stopped.
  package init(target: any Target, ranges: [MemoryRange], registers: [RegisterValue] = []) {
    self.target = target
    self.ranges = ranges.filter { $0.count > 0 }.sorted { $0.address < $1.address }
    self.registers = registers
  }

  package enum Failure: Error, Equatable {
    case target(TargetError)
    case file(path: String, reason: String)
    case interrupted

    fileprivate init(_ path: String, _ error: Errno) {
      let reason = error == .fileExists ? "it is no regular file" : error.description
      self = .file(path: path, reason: reason)
    }
  }

  /// Writes the file; compressed, if its name ends with `.gz` or `.zst`.
  ///
  /// `progress` is told the bytes done and all bytes, and ends it with false.
  package func write(
    to path: String, progress: (_ done: UInt64, _ all: UInt64) -> Bool
  ) throws(Failure) -> Outcome {
    let file: FileInProgress
    do throws(Errno) { file = try FileInProgress(path: path) } catch { throw Failure(path, error) }
    let sink = CompressionKind(path: path).sink(to: file.descriptor)
    do throws(Errno) { try sink.write(header[...]) } catch { throw Failure(path, error) }
    var outcome = Outcome()
    let all = ranges.reduce(UInt64(0)) { $0 &+ UInt64($1.count) }
    for range in ranges {
      for offset in stride(from: 0, to: range.count, by: Self.chunk) {
        guard progress(outcome.size, all) else { throw .interrupted }
        let count = min(Self.chunk, range.count - offset)
        let bytes = try read(
          MemoryRange(address: range.address &+ UInt64(offset), count: count), &outcome)
        do throws(Errno) { try sink.write(bytes[...]) } catch { throw Failure(path, error) }
        outcome.size += UInt64(count)
      }
    }
    do throws(Errno) {
      try sink.finish()
      try file.commit()
    } catch {
      throw Failure(path, error)
    }
    return outcome
  }

  /// A piece of memory; pages that the target refuses are zeros.
  private func read(_ range: MemoryRange, _ outcome: inout Outcome) throws(Failure) -> [UInt8] {
    do throws(TargetError) {
      if let bytes = try target.readPhysical([range])[0] { return bytes }
      let pages = stride(from: 0, to: range.count, by: Self.pageSize).map {
        MemoryRange(address: range.address &+ UInt64($0), count: min(Self.pageSize, range.count - $0))
      }
      var bytes: [UInt8] = []
      bytes.reserveCapacity(range.count)
      for (page, answer) in zip(pages, try target.readPhysical(pages)) {
        if answer == nil { outcome.missing += UInt64(page.count) }
        bytes += answer ?? [UInt8](repeating: 0, count: page.count)
      }
      return bytes
    } catch {
      throw .target(error)
    }
  }
}

/// The headers.
extension CoreWriter {
  /// Everything before the memory, up to a page's end.
  private var header: [UInt8] {
    let notes = self.notes
    let headers = ranges.count + (notes.isEmpty ? 0 : 1)
    let notesStart = ELFCore.headerSize + headers * ELFCore.programHeaderSize
    let memoryStart = (notesStart + notes.count + Self.pageSize - 1) & ~(Self.pageSize - 1)
    var bytes: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1] + Array(repeating: 0, count: 9)
    bytes += integer(ELFCore.typeCore, 2) + integer(ELFCore.machine, 2) + integer(1, 4)
    bytes += integer(0, 8) + integer(UInt64(ELFCore.headerSize), 8) + integer(0, 8) + integer(0, 4)
    for size in [ELFCore.headerSize, ELFCore.programHeaderSize, headers, 0, 0, 0] {
      bytes += integer(UInt64(size), 2)
    }
    if !notes.isEmpty {
      bytes += programHeader(ELFCore.note, offset: UInt64(notesStart), address: 0, size: UInt64(notes.count))
    }
    var offset = UInt64(memoryStart)
    for range in ranges {
      bytes += programHeader(
        ELFCore.load, offset: offset, address: range.address, size: UInt64(range.count))
      offset += UInt64(range.count)
    }
    bytes += notes
    return bytes + Array(repeating: 0, count: memoryStart - bytes.count)
  }

  private func programHeader(_ type: UInt64, offset: UInt64, address: UInt64, size: UInt64) -> [UInt8] {
    // Flags: read, write, execute. Like QEMU, virtual addresses are not told.
    integer(type, 4) + integer(type == ELFCore.load ? 7 : 0, 4) + integer(offset, 8) + integer(0, 8)
      + integer(address, 8) + integer(size, 8) + integer(size, 8) + integer(0, 8)
  }

  /// An NT_PRSTATUS, if there are registers.
  private var notes: [UInt8] {
    guard !registers.isEmpty else { return [] }
    var status = [UInt8](repeating: 0, count: ELFCore.statusSize)
    for (index, name) in ELFCore.registerNames.enumerated() {
      let value = registers.first { $0.name == name || name == "cpsr" && $0.name == "pstate" }?.value ?? 0
      status.replaceSubrange(
        ELFCore.registersOffset + index * 8..<ELFCore.registersOffset + index * 8 + 8, with: integer(value, 8)
      )
    }
    return integer(5, 4) + integer(UInt64(status.count), 4) + integer(ELFCore.processorStatus, 4)
      + Array("CORE\0\0\0\0".utf8) + status
  }

  private func integer(_ value: UInt64, _ size: Int) -> [UInt8] {
    (0..<size).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }
}
