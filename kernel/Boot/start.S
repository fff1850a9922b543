// From the boot loader's jump to the first Swift function: exception level 1, one processor, a clean .bss,
// a stack, and the MMU on with the kernel at its linked address.
//
// Until the MMU is on, the program counter is physical while the image is linked high; only pc-relative
// addresses (adrp) are right for both.

#include "registerframe.inc"

.equ SPSR_EL1H_MASKED, 0x3c5           // EL1 with SP_EL1; D, A, I, F masked
.equ SCTLR_RES1, 0x30d00800            // Arm ARM, D17.2.118: the bits that are one for Armv8.0
.equ SCTLR_MMU_ON, 0x30d1181d          // RES1, nTWI, I, SA0, SA, C, M; EL1 alignment unchecked

.equ CPTR_EL2_NO_TRAPS, 0x33ff         // RES1 bits only
.equ CNTHCTL_EL2_EL1_ACCESS, 3         // EL1PCEN, EL1PCTEN

.equ MAIR_ATTRIBUTES, 0x4404ff         // 0: Normal write-back; 1: Device-nGnRE; 2: Normal non-cacheable
// T0SZ = T1SZ = 16; 4 KiB granule both; walks inner shareable, write-back; ASIDs from TTBR0 (A1 = 0).
.equ TCR_TTBR0_LOW, 0x3510
.equ TCR_TTBR1_HIGH, 0xb510
.equ PARANGE_48_BITS, 5

.equ TABLE_DESCRIPTOR, 3
.equ NORMAL_BLOCK, 0x701               // AF, inner shareable, AttrIndx 0, block; EL1 read, write, execute
.equ DEVICE_BLOCK_LOW, 0x405           // AF, AttrIndx 1, block
.equ EXECUTE_NEVER_HIGH, 0x0060        // UXN, PXN in bits 63:48

.section .text.boot, "ax"
.cfi_sections .debug_frame
.globl _start
.type _start, %function
_start:
  .cfi_startproc
  .cfi_undefined x30                   // nothing called this: the end of every backtrace
  msr daifset, #15
  mov x20, x0                          // a device tree's address, if the loader follows Linux's protocol
  mrs x1, mpidr_el1
  and x1, x1, #0xffffff                // Aff2, Aff1, Aff0
  cbnz x1, park

  mrs x1, CurrentEL
  cmp x1, #(2 << 2)
  b.ne at_el1

  // EL2: give EL1 the timers, the debug registers and the plain memory system, and leave for good.
  mov x1, #(1 << 31)                   // HCR_EL2.RW: EL1 is AArch64; nothing is trapped, no stage 2
  msr hcr_el2, x1
  mov x1, #CNTHCTL_EL2_EL1_ACCESS
  msr cnthctl_el2, x1
  msr cntvoff_el2, xzr
  mov x1, #CPTR_EL2_NO_TRAPS
  msr cptr_el2, x1
  msr hstr_el2, xzr
  msr vttbr_el2, xzr
  mrs x1, pmcr_el0
  ubfx x1, x1, #11, #5                 // MDCR_EL2.HPMN = PMCR_EL0.N: all counters are EL1's; TDE = 0
  msr mdcr_el2, x1
  mrs x1, midr_el1
  msr vpidr_el2, x1
  mrs x1, mpidr_el1
  msr vmpidr_el2, x1
  ldr x1, =SCTLR_RES1
  msr sctlr_el1, x1
  mov x1, #SPSR_EL1H_MASKED
  msr spsr_el2, x1
  adr x1, at_el1
  msr elr_el2, x1
  isb
  eret

at_el1:
  msr spsel, #1
  LOAD_ADDRESS x1, __bss_start
  LOAD_ADDRESS x2, __bss_end
1:
  cmp x1, x2
  b.hs 2f
  stp xzr, xzr, [x1], #16
  b 1b
2:
  // The boot tables map the first two GiB one to one: devices, then the RAM that holds the image. Both
  // halves of the address space use them, which makes this code run on after the MMU comes on and the
  // image appear at its linked address. Swift replaces them with the final map.
  LOAD_ADDRESS x1, boot_table_level0
  LOAD_ADDRESS x2, boot_table_level1
  orr x3, x2, #TABLE_DESCRIPTOR
  str x3, [x1]
  mov x3, #DEVICE_BLOCK_LOW
  movk x3, #EXECUTE_NEVER_HIGH, lsl #48
  str x3, [x2]
  mov x3, #NORMAL_BLOCK
  adrp x4, _start
  and x4, x4, #0xffffffffc0000000      // the GiB the image is in
  orr x3, x3, x4
  lsr x4, x4, #30
  str x3, [x2, x4, lsl #3]
  msr ttbr0_el1, x1
  msr ttbr1_el1, x1

  ldr x3, =MAIR_ATTRIBUTES
  msr mair_el1, x3
  mrs x4, id_aa64mmfr0_el1
  and x5, x4, #15                      // PARange, in the encoding of TCR_EL1.IPS
  mov x6, #PARANGE_48_BITS
  cmp x5, x6
  csel x5, x5, x6, lo
  ubfx x6, x4, #4, #4                  // ASIDBits: 2 says 16 bits
  cmp x6, #2
  cset x6, eq
  mov x3, #TCR_TTBR0_LOW
  movk x3, #TCR_TTBR1_HIGH, lsl #16
  bfi x3, x5, #32, #3                  // IPS
  bfi x3, x6, #36, #1                  // AS
  msr tcr_el1, x3
  msr cpacr_el1, xzr                   // floating point and SIMD trap (FPEN), to be lent on first use
  dsb sy
  tlbi vmalle1
  dsb sy
  isb
  ldr x3, =SCTLR_MMU_ON
  msr sctlr_el1, x3
  isb
  ldr x3, =at_linked_address
  br x3

at_linked_address:
  LOAD_ADDRESS x1, exception_vectors
  msr vbar_el1, x1
  LOAD_ADDRESS x1, __stack_top
  mov sp, x1
  mov x29, xzr
  isb
  mov x0, x20
  bl vesper_main
  // This code ends with the boot, too: it is not returned to.
  ldr x30, =resume_context
  b vesper_end_boot
  .cfi_endproc

park:
  wfe
  b park
.ltorg

.section .bss.boot_tables, "aw", %nobits
.balign 4096
boot_table_level0:
  .skip 4096
boot_table_level1:
  .skip 4096
