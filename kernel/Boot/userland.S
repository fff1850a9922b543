// The programs of user level, one block that the root domain is made of. The Makefile builds it first; an
// empty file makes a kernel without userland.
.section .userland, "a"
.globl __userland_start
.globl __userland_end
.balign 4096
__userland_start:
  .incbin "build/userland.bin"
__userland_end:
  .balign 4096
