// See SelfTestInstructions.h.

.cfi_sections .debug_frame

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
