internal import Glibc
internal import SystemPackage

/// A file that gets its name only when it is whole; until then, and if it never is, that name is as it was.
final class FileInProgress {
  let descriptor: Int32
  private let path: String
  private let temporary: String
  private var isCommitted = false

  init(path: String) throws(Errno) {
    var information = stat()
    // A device or a FIFO would be replaced by a file.
    if stat(path, &information) == 0, information.st_mode & S_IFMT != S_IFREG { throw .fileExists }
    var template = Array("\(path).XXXXXX".utf8CString)
    let number = mkstemp(&template)
    guard number >= 0 else { throw Errno(rawValue: errno) }
    _ = fcntl(number, F_SETFD, FD_CLOEXEC)
    // Like any new file: what mkstemp takes away is given back as far as the user's mask does.
    let mask = umask(0)
    umask(mask)
    fchmod(number, 0o666 & ~mask)
    descriptor = number
    self.path = path
    temporary = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    close(descriptor)
    if !isCommitted { unlink(temporary) }
  }

  func commit() throws(Errno) {
    guard rename(temporary, path) == 0 else { throw Errno(rawValue: errno) }
    isCommitted = true
  }
}
