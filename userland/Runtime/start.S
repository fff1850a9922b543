// Where every program begins. The stack is set by whoever starts the domain; x0...x2 are the program's
// arguments, kept for Program.argument.
//
// The image is linked at 0 and moves itself to where it was loaded: each R_AARCH64_RELATIVE entry (ELF for the
// Arm 64-bit Architecture, 5.7.16) says "the word at r_offset is r_addend plus the base". The build checks
// that no other kind is there, and that all of them are in the data segment.

.cfi_sections .debug_frame

.section .text.start, "ax"
.globl _start
.type _start, %function
_start:
  .cfi_startproc
  .cfi_undefined x30                   // the outermost frame
  adrp x3, __image_start
  adrp x4, __relocations_start
  add x4, x4, :lo12:__relocations_start
  adrp x5, __relocations_end
  add x5, x5, :lo12:__relocations_end
1:
  cmp x4, x5
  b.hs 2f
  ldr x6, [x4], #16                    // r_offset; r_info is known
  ldr x7, [x4], #8                     // r_addend
  add x7, x7, x3
  str x7, [x3, x6]
  b 1b
2:
  adrp x3, vesper_arguments
  add x3, x3, :lo12:vesper_arguments
  stp x0, x1, [x3]
  str x2, [x3, #16]
  mov x29, #0
  mov x30, #0
  bl main
  brk #0                               // a program stops itself, it does not return
  .cfi_endproc
.size _start, . - _start

.section .bss.vesper_arguments, "aw", %nobits
.globl vesper_arguments
.balign 8
vesper_arguments:
  .zero 24
