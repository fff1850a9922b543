// Drivers, and programs that use them.
.include "archive.inc"

  begin_archive "driver-root.bin", 5
  entry "block", block
  entry "disk-test", disk_test
  entry "console", console
  entry "echo", echo
  entry "button", button
  file block, "block.bin"
  file disk_test, "disk-test.bin"
  file console, "console.bin"
  file echo, "echo.bin"
  file button, "button.bin"
  end_archive
