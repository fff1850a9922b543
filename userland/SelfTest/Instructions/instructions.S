// See SelfTestInstructions.h.

.arch_extension fp
.arch_extension simd
.cfi_sections .debug_frame

.macro EACH_VECTOR does:vararg
  .irp number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
  \does \number
  .endr
  .irp number, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
  \does \number
  .endr
.endm

.macro FUNCTION name
.section .text.\name, "ax"
.globl \name
.type \name, %function
.balign 4
\name:
  .cfi_startproc
.endm

.macro END_FUNCTION name
  .cfi_endproc
.size \name, . - \name
.endm

FUNCTION selftest_load
  ldr x0, [x0]
  ret
END_FUNCTION selftest_load

FUNCTION selftest_store
  str x1, [x0]
  ret
END_FUNCTION selftest_store

FUNCTION selftest_execute
  br x0
END_FUNCTION selftest_execute

FUNCTION selftest_undefined
  udf #0
  ret
END_FUNCTION selftest_undefined

FUNCTION selftest_break
  brk #7
  ret
END_FUNCTION selftest_break

FUNCTION selftest_read_privileged
  mrs x0, sctlr_el1
  ret
END_FUNCTION selftest_read_privileged

FUNCTION selftest_write_privileged
  msr ttbr0_el1, x0
  ret
END_FUNCTION selftest_write_privileged

FUNCTION selftest_mask_interrupts
  msr daifset, #15
  ret
END_FUNCTION selftest_mask_interrupts

FUNCTION selftest_invalidate_tlb
  tlbi vmalle1
  ret
END_FUNCTION selftest_invalidate_tlb

FUNCTION selftest_load_exclusive
  ldxr x0, [x0]
  ret
END_FUNCTION selftest_load_exclusive

FUNCTION selftest_overflow_stack
1:
  stp x29, x30, [sp, #-16]!
  b 1b
END_FUNCTION selftest_overflow_stack

FUNCTION selftest_call_hypervisor
  hvc #0
  ret
END_FUNCTION selftest_call_hypervisor

FUNCTION selftest_call_monitor
  .inst 0xd4000003                     // smc #0, which needs no extension of the assembler this way
  ret
END_FUNCTION selftest_call_monitor

// An activation's stack begins with the address of its record, which it is told last.
FUNCTION selftest_activation_entry
  ldr x3, [sp]
  b selftest_activation
END_FUNCTION selftest_activation_entry

FUNCTION selftest_spin
  b .
END_FUNCTION selftest_spin

.macro SET_VECTOR number
  dup v\number\().2d, x0
  add x0, x0, #1
.endm

FUNCTION selftest_set_vectors
  EACH_VECTOR SET_VECTOR
  msr fpcr, x1
  ret
END_FUNCTION selftest_set_vectors

.macro COUNT_OTHER_VECTOR number
  mov x3, v\number\().d[0]
  mov x4, v\number\().d[1]
  cmp x3, x0
  ccmp x4, x0, #0, eq
  cinc x2, x2, ne
  add x0, x0, #1
.endm

FUNCTION selftest_count_other_vectors
  mov x2, #0
  EACH_VECTOR COUNT_OTHER_VECTOR
  mrs x3, fpcr
  cmp x3, x1
  cinc x0, x2, ne
  ret
END_FUNCTION selftest_count_other_vectors

.macro COLLECT_VECTOR number
  orr v0.16b, v0.16b, v\number\().16b
.endm

FUNCTION selftest_any_vector_bits
  EACH_VECTOR COLLECT_VECTOR
  mov x0, v0.d[0]
  mov x1, v0.d[1]
  orr x0, x0, x1
  mrs x1, fpcr
  orr x0, x0, x1
  mrs x1, fpsr
  orr x0, x0, x1
  ret
END_FUNCTION selftest_any_vector_bits
