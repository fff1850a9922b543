// See BenchInstructions.h.
//
// Under `-icount shift=0` the counter counts instructions, 16 a count. A sum of differences is exact all the same
// if the start of each is one instruction later in its count than that of the one before, modulo 16; so the length
// of a loop must be odd, which `padding` is for.

.arch_extension fp
.cfi_sections .debug_frame

.equ SYSTEM_CALL_YIELD, 8
.equ SYSTEM_CALL_ACTIVATION_RETURN, 9

.equ CALL_STEPS, 88

.equ SIDE_SECOND, 88
.equ SIDE_SECOND_X8, 88 + 64
.equ SIDE_ARRIVED, 176
.equ SIDE_LEFT, 184
.equ SIDE_COUNT, 192
.equ SIDE_PADDING, 200
.equ SIDE_DEVICE, 208
.equ SIDE_PARTNER, 216
.equ SIDE_FIRST_CALL, 224
.equ SIDE_TO_PARTNER, 232
.equ SIDE_FROM_PARTNER, 240
.equ SIDE_TOTAL, 248
.equ SIDE_STATUS, 256
.equ SIDE_DONE, 264
.equ SIDE_BLOCK, 352
.equ SIDE_REASON, 360
.equ SIDE_SIZE, 368

// PL031 (Arm DDI 0224C, chapter 3).
.equ RTC_DATA, 0x00
.equ RTC_MATCH, 0x04
.equ RTC_CLEAR, 0x1c

.macro FUNCTION name
.section .text.\name, "ax"
.globl \name
.type \name, %function
.balign 64
\name:
  .cfi_startproc
.endm

.macro END_FUNCTION name
  .cfi_endproc
.size \name, . - \name
.endm

.macro LOAD_ARGUMENTS base, offset
  ldp x0, x1, [\base, #\offset]
  ldp x2, x3, [\base, #\offset + 16]
  ldp x4, x5, [\base, #\offset + 32]
  ldp x6, x7, [\base, #\offset + 48]
  ldp x8, x9, [\base, #\offset + 64]
  ldr x10, [\base, #\offset + 80]
.endm

.macro STEP offset, steps
  ldp x1, x2, [x11, #\offset]
  ldp x3, x4, [x11, #\steps]
  add x1, x1, x3
  add x2, x2, x4
  stp x1, x2, [x11, #\offset]
.endm

.macro REPEAT name, instruction:vararg
FUNCTION \name
  mov x11, x0
  mov x12, x1
  mov x14, #0
  mrs x13, cntvct_el0
1:
  LOAD_ARGUMENTS x11, 0
  \instruction
  orr x14, x14, x0
  STEP 16, CALL_STEPS
  STEP 32, CALL_STEPS + 16
  STEP 48, CALL_STEPS + 32
  subs x12, x12, #1
  b.ne 1b
  mrs x0, cntvct_el0
  sub x0, x0, x13
  mov x1, x14
  ret
END_FUNCTION \name
.endm

REPEAT bench_repeat, svc #0
REPEAT bench_repeat_nothing, nop

// x19: counter before; x20: after; x21: own side; x22: the partner's; x23...x26: sums; x27: statuses; x28: counter
// before the first exchange.
.macro BEGIN_ACTIVE
  mov x21, x0
  ldr x22, [x21, #SIDE_PARTNER]
  mov x23, #0
  mov x24, #0
  mov x25, #0
  mov x27, #0
  mrs x28, cntvct_el0
1:
.endm

// The partner arrived and left between x19 and x20.
.macro END_ACTIVE
  ldp x0, x1, [x22, #SIDE_ARRIVED]
  sub x0, x0, x19
  add x24, x24, x0
  sub x1, x20, x1
  add x25, x25, x1
  ldr x0, [x21, #SIDE_PADDING]
  cbz x0, 2f
  nop
2:
  ldr x0, [x21, #SIDE_COUNT]
  subs x0, x0, #1
  str x0, [x21, #SIDE_COUNT]
  b.ne 1b
  mrs x0, cntvct_el0
  sub x0, x0, x28
  stp x23, x24, [x21, #SIDE_FIRST_CALL]
  stp x25, x0, [x21, #SIDE_TO_PARTNER + 8]
  str x27, [x21, #SIDE_STATUS]
3:
  LOAD_ARGUMENTS x21, SIDE_DONE
  svc #0
  b 3b
.endm

FUNCTION bench_active
  BEGIN_ACTIVE
  LOAD_ARGUMENTS x21, 0
  mrs x19, cntvct_el0
  svc #0
  mrs x20, cntvct_el0
  orr x27, x27, x0
  END_ACTIVE
END_FUNCTION bench_active

FUNCTION bench_active_twice
  BEGIN_ACTIVE
  LOAD_ARGUMENTS x21, 0
  mrs x26, cntvct_el0
  svc #0
  mrs x19, cntvct_el0
  orr x27, x27, x0
  sub x0, x19, x26
  add x23, x23, x0
  LOAD_ARGUMENTS x21, SIDE_SECOND
  mrs x19, cntvct_el0
  svc #0
  mrs x20, cntvct_el0
  orr x27, x27, x0
  END_ACTIVE
END_FUNCTION bench_active_twice

FUNCTION bench_active_fault
  BEGIN_ACTIVE
  mov x0, #0
  mrs x19, cntvct_el0
  ldr x0, [x0]                         // 0 is nowhere mapped
.globl bench_after_fault
bench_after_fault:
  mrs x20, cntvct_el0
  END_ACTIVE
END_FUNCTION bench_active_fault

// One use of a floating-point register, and a call that gives way.
FUNCTION bench_active_vector
  BEGIN_ACTIVE
  mrs x26, cntvct_el0
  fmov d0, x26
  mrs x19, cntvct_el0
  sub x0, x19, x26
  add x23, x23, x0
  LOAD_ARGUMENTS x21, SIDE_SECOND
  mrs x19, cntvct_el0
  svc #0
  mrs x20, cntvct_el0
  orr x27, x27, x0
  END_ACTIVE
END_FUNCTION bench_active_vector

FUNCTION bench_active_interrupt
  BEGIN_ACTIVE
  ldr x1, [x21, #SIDE_DEVICE]
  ldr w0, [x1, #RTC_DATA]
  mrs x19, cntvct_el0
  str w0, [x1, #RTC_MATCH]
  mrs x20, cntvct_el0
  END_ACTIVE
END_FUNCTION bench_active_interrupt

.macro PARTNER name, instruction:vararg
FUNCTION \name
  mov x21, x0
  mov x27, #0
1:
  LOAD_ARGUMENTS x21, 0
  mrs x19, cntvct_el0
  str x19, [x21, #SIDE_LEFT]
  svc #0
  mrs x20, cntvct_el0
  str x20, [x21, #SIDE_ARRIVED]
  \instruction
  orr x27, x27, x0
  str x27, [x21, #SIDE_STATUS]
  ldr x0, [x21, #SIDE_DEVICE]
  cbz x0, 2f
  mov w1, #1
  str w1, [x0, #RTC_CLEAR]
2:
  ldr x0, [x21, #SIDE_SECOND_X8]
  cbz x0, 1b
  LOAD_ARGUMENTS x21, SIDE_SECOND
  svc #0
  orr x27, x27, x0
  b 1b
END_FUNCTION \name
.endm

PARTNER bench_partner
PARTNER bench_partner_vector, fmov d0, x20

FUNCTION bench_partner_activated
  mov x21, x0
  ldr x0, [x21, #SIDE_BLOCK]
  mov x1, #1
  str x1, [x0]                         // ControlBlock.isOn
1:
  mov x8, #SYSTEM_CALL_YIELD
  mrs x19, cntvct_el0
  str x19, [x21, #SIDE_LEFT]
  svc #0
  mrs x20, cntvct_el0                  // here an activation goes on
  ldr x19, [x21, #SIDE_LEFT]
  sub x20, x20, x19
  ldr x19, [x21, #SIDE_FIRST_CALL]
  add x20, x20, x19
  str x20, [x21, #SIDE_FIRST_CALL]
  b 1b
END_FUNCTION bench_partner_activated

.macro ADD_STATUS
  ldr x1, [x21, #SIDE_STATUS]
  orr x1, x1, x0
  str x1, [x21, #SIDE_STATUS]
.endm

FUNCTION bench_activation
  mrs x20, cntvct_el0
  mov x21, sp
  ldr x19, [x21, #SIDE_REASON]
  tst x0, x19
  b.eq 1f
  str x20, [x21, #SIDE_ARRIVED]
1:
  ldr x0, [x21, #SIDE_DEVICE]
  cbz x0, 2f
  mov w1, #1
  str w1, [x0, #RTC_CLEAR]
  LOAD_ARGUMENTS x21, SIDE_SECOND
  svc #0
  ADD_STATUS
2:
  mov x0, #0
  mov x8, #SYSTEM_CALL_ACTIVATION_RETURN
  mrs x19, cntvct_el0
  str x19, [x21, #SIDE_LEFT]
  svc #0
  ADD_STATUS
  b 2b
END_FUNCTION bench_activation

// Counts its rounds, and gives way after each.
FUNCTION bench_alike
  mov x21, x0
1:
  ldr x1, [x21, #SIDE_COUNT]
  add x1, x1, #1
  str x1, [x21, #SIDE_COUNT]
  mov x8, #SYSTEM_CALL_YIELD
  svc #0
  b 1b
END_FUNCTION bench_alike

FUNCTION bench_sides
  adrp x0, sides
  add x0, x0, :lo12:sides
  ret
END_FUNCTION bench_sides

.section .bss.bench_sides, "aw", %nobits
.balign 64
sides:
  .skip 8 * SIDE_SIZE
