// See ThreadSwitch.h.

#include "ThreadSwitch.h"

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

// x19 to x30 are all that a function call keeps (Procedure Call Standard for the Arm 64-bit Architecture, 6.1.1).
FUNCTION vesper_thread_switch
  stp x19, x20, [sp, #-96]!
  stp x21, x22, [sp, #16]
  stp x23, x24, [sp, #32]
  stp x25, x26, [sp, #48]
  stp x27, x28, [sp, #64]
  stp x29, x30, [sp, #80]
  mov x9, sp
  str x9, [x0]
  mov sp, x1
  ldp x21, x22, [sp, #16]
  ldp x23, x24, [sp, #32]
  ldp x25, x26, [sp, #48]
  ldp x27, x28, [sp, #64]
  ldp x29, x30, [sp, #80]
  ldp x19, x20, [sp], #96
  ret
END_FUNCTION vesper_thread_switch

FUNCTION vesper_thread_prepare
  adrp x2, thread_begin
  add x2, x2, :lo12:thread_begin
  sub x0, x0, #96
  str x1, [x0]                         // x19
  stp xzr, x2, [x0, #80]               // x29, x30
  ret
END_FUNCTION vesper_thread_prepare

.section .text.thread_begin, "ax"
.balign 4
.type thread_begin, %function
thread_begin:
  .cfi_startproc
  .cfi_undefined x30                   // the outermost frame
  mov x0, x19
  bl vesper_thread_main
  brk #0                               // a thread exits, it does not return
  .cfi_endproc
.size thread_begin, . - thread_begin

// The kernel enters here with the domain's activations off, on a stack that serves no longer than the first call: what
// was interrupted is saved on its own stack, so that its thread is one that called vesper_threads_preempted.
FUNCTION vesper_threads_activation
  .cfi_undefined x30
  stp x0, x1, [sp, #-16]!              // reason, events
  bl vesper_threads_save
  ldp x2, x1, [sp], #16
  mov sp, x0
  mov x0, x2
1:
  bl vesper_threads_preempted
  mov x0, sp
  bl vesper_threads_restore
  mov x0, #0                           // the only context that is used
  mov x8, #9                           // SystemCall.activationReturn
  svc #0
  cbnz x0, 2f
  mov x0, #2                           // ActivationReason.event
  mov x1, x8
  b 1b
2:
  brk #0                               // there is no control block any more
END_FUNCTION vesper_threads_activation

FUNCTION vesper_carrier
  .cfi_undefined x30
  mov x19, x0
1:
  ldr x0, [x19, #CARRIER_WAKE]
  mov x1, #0
  mov x10, #0
  mov x8, #5                           // SystemCall.receive
  svc #0
  cbnz x0, 2f
  ldp x0, x1, [x19]
  ldp x2, x3, [x19, #16]
  ldp x4, x5, [x19, #32]
  ldp x6, x7, [x19, #48]
  ldp x8, x9, [x19, #64]
  ldr x10, [x19, #80]
  svc #0
  stp x0, x1, [x19]
  stp x2, x3, [x19, #16]
  stp x4, x5, [x19, #32]
  stp x6, x7, [x19, #48]
  str x8, [x19, #64]
  mov x9, #1
  str x9, [x19, #CARRIER_IS_DONE]
  ldr x9, [x19, #CARRIER_WANTS_SIGNAL]
  cbz x9, 1b
  ldr x0, [x19, #CARRIER_TOLD]
  mov x1, #0
  mov x9, #0
  mov x8, #3                           // SystemCall.send
  svc #0
  b 1b
2:
  brk #0                               // what it waits for is gone
END_FUNCTION vesper_carrier
