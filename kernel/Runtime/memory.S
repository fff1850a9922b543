// memcpy, memmove, memset and memcmp in general registers, 16 bytes a step.

.cfi_sections .debug_frame

.macro FUNCTION name
  .section .text.\name, "ax"
  .globl \name
  .type \name, %function
  .balign 16
\name:
  .cfi_startproc
.endm

.macro END_FUNCTION name
  .cfi_endproc
  .size \name, . - \name
.endm

// x0 stays the destination, which is also the result.
FUNCTION memcpy
  mov x3, x0
  subs x2, x2, #16
  b.lo 2f
1:
  ldp x4, x5, [x1], #16
  stp x4, x5, [x3], #16
  subs x2, x2, #16
  b.hs 1b
2:                                     // x2 is the count of bytes left, minus 16
  tbz x2, #3, 3f
  ldr x4, [x1], #8
  str x4, [x3], #8
3:
  tbz x2, #2, 4f
  ldr w4, [x1], #4
  str w4, [x3], #4
4:
  tbz x2, #1, 5f
  ldrh w4, [x1], #2
  strh w4, [x3], #2
5:
  tbz x2, #0, 6f
  ldrb w4, [x1]
  strb w4, [x3]
6:
  ret
END_FUNCTION memcpy

FUNCTION memmove
  sub x4, x0, x1
  cmp x4, x2
  b.hs memcpy                          // the destination starts before the source or behind its end
  add x1, x1, x2
  add x3, x0, x2
  subs x2, x2, #16
  b.lo 2f
1:
  ldp x4, x5, [x1, #-16]!
  stp x4, x5, [x3, #-16]!
  subs x2, x2, #16
  b.hs 1b
2:
  tbz x2, #3, 3f
  ldr x4, [x1, #-8]!
  str x4, [x3, #-8]!
3:
  tbz x2, #2, 4f
  ldr w4, [x1, #-4]!
  str w4, [x3, #-4]!
4:
  tbz x2, #1, 5f
  ldrh w4, [x1, #-2]!
  strh w4, [x3, #-2]!
5:
  tbz x2, #0, 6f
  ldrb w4, [x1, #-1]
  strb w4, [x3, #-1]
6:
  ret
END_FUNCTION memmove

FUNCTION memset
  mov x3, x0
  and x1, x1, #0xff
  mov x4, #0x0101010101010101
  mul x1, x1, x4
  subs x2, x2, #16
  b.lo 2f
1:
  stp x1, x1, [x3], #16
  subs x2, x2, #16
  b.hs 1b
2:
  tbz x2, #3, 3f
  str x1, [x3], #8
3:
  tbz x2, #2, 4f
  str w1, [x3], #4
4:
  tbz x2, #1, 5f
  strh w1, [x3], #2
5:
  tbz x2, #0, 6f
  strb w1, [x3]
6:
  ret
END_FUNCTION memset

FUNCTION memcmp
  mov x3, x0
1:
  cmp x2, #8
  b.lo 2f
  ldr x4, [x3], #8
  ldr x5, [x1], #8
  sub x2, x2, #8
  cmp x4, x5
  b.eq 1b
  rev x4, x4                           // the first byte in memory decides: make it the most significant
  rev x5, x5
  cmp x4, x5
  cset w0, hi
  csinv w0, w0, wzr, hs
  ret
2:
  cbz x2, 3f
  ldrb w4, [x3], #1
  ldrb w5, [x1], #1
  sub x2, x2, #1
  subs w0, w4, w5
  b.eq 2b
  ret
3:
  mov w0, #0
  ret
END_FUNCTION memcmp
