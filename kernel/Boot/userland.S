// The programs of user level, one block that the root domain is made of. The Makefile builds it first; an
// empty file makes a kernel without userland.
#ifndef USERLAND_IMAGE
#define USERLAND_IMAGE "build/userland.bin"
#endif

.section .userland, "a"
.globl __userland_start
.globl __userland_end
.balign 4096
__userland_start:
  .incbin USERLAND_IMAGE
__userland_end:
  .balign 4096
