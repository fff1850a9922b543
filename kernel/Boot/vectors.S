// Exception entry and exit.
//
// While user code runs, SP_EL1 is the address of the current domain's RegisterFrame, so that its context
// is saved without a scratch register. The kernel then runs on its one stack, with interrupts masked, and
// every handler returns the frame to resume, or 0 to idle.
//
// No breakpoint can be set in .text.vectors and .text.context, where the registers are in use that the
// exception would overwrite.

#include "registerframe.inc"

.equ ESR_CLASS_SHIFT, 26
.equ ESR_CLASS_SVC64, 0x15

.macro SAVE_CONTEXT_BUT_X0_X1 frame
  stp x2, x3, [\frame, #FRAME_X2]
  stp x4, x5, [\frame, #32]
  stp x6, x7, [\frame, #48]
  stp x8, x9, [\frame, #64]
  stp x10, x11, [\frame, #80]
  stp x12, x13, [\frame, #96]
  stp x14, x15, [\frame, #112]
  stp x16, x17, [\frame, #128]
  stp x18, x19, [\frame, #144]
  stp x20, x21, [\frame, #160]
  stp x22, x23, [\frame, #176]
  stp x24, x25, [\frame, #192]
  stp x26, x27, [\frame, #208]
  stp x28, x29, [\frame, #224]
.endm

// All but x0, x1, sp, pc, pstate and tpidr.
.macro RESTORE_GENERAL_REGISTERS frame
  ldp x2, x3, [\frame, #FRAME_X2]
  ldp x4, x5, [\frame, #32]
  ldp x6, x7, [\frame, #48]
  ldp x8, x9, [\frame, #64]
  ldp x10, x11, [\frame, #80]
  ldp x12, x13, [\frame, #96]
  ldp x14, x15, [\frame, #112]
  ldp x16, x17, [\frame, #128]
  ldp x18, x19, [\frame, #144]
  ldp x20, x21, [\frame, #160]
  ldp x22, x23, [\frame, #176]
  ldp x24, x25, [\frame, #192]
  ldp x26, x27, [\frame, #208]
  ldp x28, x29, [\frame, #224]
.endm

// 22 instructions; a vector has room for 32.
.macro SAVE_USER_CONTEXT
  stp x0, x1, [sp]
  SAVE_CONTEXT_BUT_X0_X1 sp
  mrs x2, sp_el0
  mrs x3, elr_el1
  mrs x4, spsr_el1
  mrs x5, tpidr_el0
  stp x30, x2, [sp, #FRAME_LR_SP]
  stp x3, x4, [sp, #FRAME_PC_PSTATE]
  str x5, [sp, #FRAME_TPIDR]
.endm

.macro VECTOR label
  .balign 128
  .type \label, %function
\label:
  .cfi_startproc
  .cfi_undefined x30                   // a backtrace ends where the processor entered the kernel
.endm

.macro END_VECTOR
  .cfi_endproc
.endm

.macro KERNEL_VECTOR label
  VECTOR \label
  b save_kernel_context
  END_VECTOR
.endm

// Watchpoints and hardware breakpoints match in the kernel too, once its entry has saved everything.
.macro UNMASK_DEBUG
#ifdef DEBUG_CHANNEL
  msr daifclr, #8
#endif
.endm

// From here on SP or the general registers are a user's.
.macro MASK_DEBUG
#ifdef DEBUG_CHANNEL
  msr daifset, #8
#endif
.endm

.macro USER_INTERRUPT_VECTOR label
  VECTOR \label
  SAVE_USER_CONTEXT
  adr x2, __stack_top
  mov sp, x2
  UNMASK_DEBUG
  bl vesper_interrupt
  b resume_context
  END_VECTOR
.endm

.section .text.vectors, "ax"
.cfi_sections .debug_frame
.globl exception_vectors
.balign 2048
exception_vectors:
  KERNEL_VECTOR kernel_sp0_synchronous
  KERNEL_VECTOR kernel_sp0_irq
  KERNEL_VECTOR kernel_sp0_fiq
  KERNEL_VECTOR kernel_sp0_serror

  KERNEL_VECTOR kernel_synchronous
  KERNEL_VECTOR kernel_irq
  KERNEL_VECTOR kernel_fiq
  KERNEL_VECTOR kernel_serror

  VECTOR user_synchronous
  SAVE_USER_CONTEXT
  mrs x0, esr_el1
  adr x2, __stack_top
  mov sp, x2
  UNMASK_DEBUG
  lsr x1, x0, #ESR_CLASS_SHIFT
  cmp x1, #ESR_CLASS_SVC64
  b.ne user_fault
  bl vesper_system_call
  b resume_context
  END_VECTOR

  USER_INTERRUPT_VECTOR user_irq
  USER_INTERRUPT_VECTOR user_fiq

  VECTOR user_serror
  SAVE_USER_CONTEXT
  mrs x0, esr_el1
  adr x2, __stack_top
  mov sp, x2
  b user_fault
  END_VECTOR

  // AArch32 user code: no domain can be given such a PSTATE, so that none of these is ever taken.
  .rept 4
  .balign 128
  b save_kernel_context
  .endr
.balign 128

.section .text.context, "ax"
.type user_fault, %function
user_fault:
  .cfi_startproc
  .cfi_undefined x30
  mrs x1, far_el1
  bl vesper_fault
  b resume_context
  .cfi_endproc

// Continues the context whose RegisterFrame is at x0; with 0, waits for an interrupt that makes one
// runnable.
.globl resume_context
.type resume_context, %function
resume_context:
  .cfi_startproc
  .cfi_undefined x30
  cbz x0, wait_for_interrupt
  MASK_DEBUG
  mov sp, x0
  ldp x30, x2, [sp, #FRAME_LR_SP]
  ldp x3, x4, [sp, #FRAME_PC_PSTATE]
  ldr x5, [sp, #FRAME_TPIDR]
  msr sp_el0, x2
  msr elr_el1, x3
  msr spsr_el1, x4
  msr tpidr_el0, x5
  RESTORE_GENERAL_REGISTERS sp
  ldp x0, x1, [sp]
  eret
  .cfi_endproc

// An exception of the kernel itself. Nothing may be assumed of SP: it can be a user's frame, the kernel
// stack, or have run into the guard page. TPIDR_EL1 has no other use, so it holds x0 meanwhile.
.type save_kernel_context, %function
save_kernel_context:
  .cfi_startproc
  .cfi_undefined x30
  msr tpidr_el1, x0
  adrp x0, handling_kernel_exception
  ldr w0, [x0, :lo12:handling_kernel_exception]
  cbnz w0, nested_kernel_exception
  LOAD_ADDRESS x0, __debug_stack_top
  sub x0, x0, #FRAME_SIZE
  SAVE_CONTEXT_BUT_X0_X1 x0
  mrs x2, tpidr_el1
  stp x2, x1, [x0]
  mov x2, sp
  stp x30, x2, [x0, #FRAME_LR_SP]
  mrs x3, elr_el1
  mrs x4, spsr_el1
  mrs x5, tpidr_el0
  stp x3, x4, [x0, #FRAME_PC_PSTATE]
  str x5, [x0, #FRAME_TPIDR]
  mov sp, x0
  mov x29, xzr
  mov w3, #1
  adrp x4, handling_kernel_exception
  str w3, [x4, :lo12:handling_kernel_exception]
  mrs x1, esr_el1
  mrs x2, far_el1
  bl vesper_kernel_exception
  LOAD_ADDRESS x0, __debug_stack_top
  sub x0, x0, #FRAME_SIZE
  adrp x4, handling_kernel_exception
  str wzr, [x4, :lo12:handling_kernel_exception]
  ldp x30, x2, [x0, #FRAME_LR_SP]
  mov sp, x2
  ldp x3, x4, [x0, #FRAME_PC_PSTATE]
  ldr x5, [x0, #FRAME_TPIDR]
  msr elr_el1, x3
  msr spsr_el1, x4
  msr tpidr_el0, x5
  RESTORE_GENERAL_REGISTERS x0
  ldp x0, x1, [x0]
  eret
nested_kernel_exception:
  // A probe of the debugger's met a bad address, or its code met a breakpoint of its own: both go on. It uses
  // the stack it is on, once: if there is no stack left, saving anything there comes back here.
  adrp x0, may_nest
  ldrb w0, [x0, :lo12:may_nest]
  cbz w0, exception_overrun
  adrp x0, may_nest
  strb wzr, [x0, :lo12:may_nest]
  sub sp, sp, #FRAME_SIZE
  SAVE_CONTEXT_BUT_X0_X1 sp
  mrs x2, tpidr_el1
  stp x2, x1, [sp]
  mrs x3, elr_el1
  mrs x4, spsr_el1
  str x30, [sp, #FRAME_LR_SP]
  stp x3, x4, [sp, #FRAME_PC_PSTATE]
  mov x0, sp
  mrs x1, esr_el1
  mrs x2, far_el1
  bl vesper_nested_exception
  mov w3, #1
  adrp x4, may_nest
  strb w3, [x4, :lo12:may_nest]
  ldr x30, [sp, #FRAME_LR_SP]
  ldp x3, x4, [sp, #FRAME_PC_PSTATE]
  msr elr_el1, x3
  msr spsr_el1, x4
  RESTORE_GENERAL_REGISTERS sp
  ldp x0, x1, [sp]
  add sp, sp, #FRAME_SIZE
  eret
exception_overrun:
  LOAD_ADDRESS x0, __debug_stack_top   // what was there is lost; the new failure is what counts
  mov sp, x0
  mov x29, xzr
  mrs x0, elr_el1
  mrs x1, esr_el1
  mrs x2, far_el1
  bl vesper_exception_overrun
1:
  wfi
  b 1b
  .cfi_endproc

.section .bss.handling_kernel_exception, "aw", %nobits
.balign 4
handling_kernel_exception:
  .skip 4

.section .text.wait_for_interrupt, "ax"
.type wait_for_interrupt, %function
wait_for_interrupt:
  .cfi_startproc
  .cfi_undefined x30
  bl vesper_idle
.globl vesper_idle_wait
vesper_idle_wait:
  UNMASK_DEBUG
  dsb sy                               // stores must not wait with the processor
  wfi
  bl vesper_interrupt
  b resume_context
  .cfi_endproc

.section .data.may_nest, "aw"
may_nest:
  .byte 1
