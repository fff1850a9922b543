// Loads and stores whose aborts are survived: vesper_kernel_exception and nested_kernel_exception send an
// exception between the first two labels to the third.

.section .text.probe, "ax"
.cfi_sections .debug_frame
.globl vesper_probe_start
.globl vesper_probe_failed
vesper_probe_start:

.globl vesper_probe_load
.type vesper_probe_load, %function
vesper_probe_load:
  .cfi_startproc
  cmp x1, #2
  b.lo 1f
  b.eq 2f
  cmp x1, #4
  b.eq 4f
  ldr x0, [x0]
  b 9f
1:
  ldrb w0, [x0]
  b 9f
2:
  ldrh w0, [x0]
  b 9f
4:
  ldr w0, [x0]
9:
  dsb sy                               // an external abort comes here at the latest
  mov x1, #1
  ret
  .cfi_endproc

.globl vesper_probe_store
.type vesper_probe_store, %function
vesper_probe_store:
  .cfi_startproc
  cmp x1, #2
  b.lo 1f
  b.eq 2f
  cmp x1, #4
  b.eq 4f
  str x2, [x0]
  b 9f
1:
  strb w2, [x0]
  b 9f
2:
  strh w2, [x0]
  b 9f
4:
  str w2, [x0]
9:
  dsb sy
  mov x1, #1
  ret
  .cfi_endproc

.type vesper_probe_failed, %function
vesper_probe_failed:
  .cfi_startproc
  mov x0, #0
  mov x1, #0
  ret
  .cfi_endproc
