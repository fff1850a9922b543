internal import Commands
internal import Glibc

/// Prints an answer and a newline on standard output, all of it or an error.
func printAnswer(_ answer: AnswerText) throws(Failure) {
  answer.append("\n")
  try answer.forEachPiece { piece throws(Failure) in
    let error = writeAll(piece, to: STDOUT_FILENO)
    guard error == 0 else {
      throw Failure(.inputOutput, "cannot write the answer: \(String(cString: strerror(error)))")
    }
  }
}

func printAnswer(_ text: String) throws(Failure) { try printAnswer(AnswerText(text)) }

/// Tells what is wrong on standard error, where nobody may be listening either.
func printError(_ message: String) {
  _ = writeAll("vesper: \(message)\n", to: STDERR_FILENO)
}

private func writeAll(_ text: String, to descriptor: Int32) -> Int32 {
  Array(text.utf8).withUnsafeBytes { writeAll($0, to: descriptor) }
}

/// Returns 0 or the error's number.
private func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
  // What was printed before comes before.
  fflush(nil)
  var rest = bytes[...]
  while !rest.isEmpty {
    let count = UnsafeRawBufferPointer(rebasing: rest).withMemoryRebound(to: UInt8.self) {
      write(descriptor, $0.baseAddress, $0.count)
    }
    if count >= 0 {
      rest = rest.dropFirst(count)
    } else if errno != EINTR {
      return errno
    }
  }
  return 0
}

/// Shows something passing on standard error, such as how far something has come.
func printPassing(_ text: String) {
  _ = writeAll(text, to: STDERR_FILENO)
}
