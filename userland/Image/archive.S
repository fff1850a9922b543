// The userland image: the root domain's program, and behind it the programs that it loads. The header is the
// root program's own with `archiveSize` replaced (UserImageHeader in KernelObjects).
//
// The archive: magic, number of programs, then for each its 16-byte name, its offset from the archive's start
// and its size. The files come from the include path given by userland.mk.

.set ARCHIVE_SIZE_OFFSET, 40           // of UserImageHeader.archiveSize

.macro entry name, label
1:
  .ascii "\name"
  .zero 16 - (. - 1b)
  .quad \label - archive_start
  .quad \label\()_end - \label
.endm

.macro file label, path
  .balign 4096
\label:
  .incbin "\path"
\label\()_end:
.endm

.section .image, "a"
  .incbin "root.bin", 0, ARCHIVE_SIZE_OFFSET
  .quad archive_end - archive_start
  .incbin "root.bin", ARCHIVE_SIZE_OFFSET + 8

  .balign 4096
archive_start:
  .ascii "VSPRARCH"
  .quad 5
  entry "server", server
  entry "client-a", client_a
  entry "client-b", client_b
  entry "clock", clock
  entry "waiter", waiter
  file server, "server.bin"
  file client_a, "client-a.bin"
  file client_b, "client-b.bin"
  file clock, "clock.bin"
  file waiter, "waiter.bin"
  .balign 4096
archive_end:
