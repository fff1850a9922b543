// The one place of the kernel that uses floating-point and SIMD registers: it moves a domain's between the
// processor and the FloatingPointState of KernelObjects at x0 (FPSR, FPCR, v0 to v31). CPACR_EL1.FPEN must let it.

.arch_extension fp
.arch_extension simd
.cfi_sections .debug_frame

.macro MOVE_VECTORS move
  \move q0, q1, [x0, #16]
  \move q2, q3, [x0, #48]
  \move q4, q5, [x0, #80]
  \move q6, q7, [x0, #112]
  \move q8, q9, [x0, #144]
  \move q10, q11, [x0, #176]
  \move q12, q13, [x0, #208]
  \move q14, q15, [x0, #240]
  \move q16, q17, [x0, #272]
  \move q18, q19, [x0, #304]
  \move q20, q21, [x0, #336]
  \move q22, q23, [x0, #368]
  \move q24, q25, [x0, #400]
  \move q26, q27, [x0, #432]
  \move q28, q29, [x0, #464]
  \move q30, q31, [x0, #496]
.endm

.section .text.vesper_save_floating_point, "ax"
.globl vesper_save_floating_point
.type vesper_save_floating_point, %function
vesper_save_floating_point:
  .cfi_startproc
  mrs x1, fpsr
  mrs x2, fpcr
  stp x1, x2, [x0]
  MOVE_VECTORS stp
  ret
  .cfi_endproc

.section .text.vesper_load_floating_point, "ax"
.globl vesper_load_floating_point
.type vesper_load_floating_point, %function
vesper_load_floating_point:
  .cfi_startproc
  ldp x1, x2, [x0]
  msr fpsr, x1
  msr fpcr, x2
  MOVE_VECTORS ldp
  ret
  .cfi_endproc
