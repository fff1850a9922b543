.section .text.boot, "ax"
.globl _start
_start:
  adrp x0, __stack_top
  add x0, x0, :lo12:__stack_top
  mov sp, x0
  bl vesper_main
1: wfi
  b 1b
