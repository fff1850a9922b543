// Reads and writes of the system registers this kernel uses, named as in the Arm ARM (D17.2).
#ifndef KERNEL_SYSTEM_REGISTERS_H
#define KERNEL_SYSTEM_REGISTERS_H

#include <stdint.h>

#define READABLE(name)                                            \
  static inline __attribute__((always_inline)) uint64_t arm_read_##name(void) {                  \
    uint64_t value;                                               \
    __asm__ volatile("mrs %0, " #name : "=r"(value)::"memory");   \
    return value;                                                 \
  }
#define WRITABLE(name)                                            \
  static inline __attribute__((always_inline)) void arm_write_##name(uint64_t value) {           \
    __asm__ volatile("msr " #name ", %0" ::"r"(value) : "memory"); \
  }

READABLE(ctr_el0)
READABLE(dczid_el0)
READABLE(id_aa64dfr0_el1)

READABLE(sctlr_el1)
WRITABLE(sctlr_el1)
READABLE(ttbr0_el1)
WRITABLE(ttbr0_el1)
READABLE(ttbr1_el1)
WRITABLE(ttbr1_el1)
READABLE(tcr_el1)
READABLE(mair_el1)
READABLE(vbar_el1)
READABLE(contextidr_el1)
READABLE(esr_el1)
READABLE(far_el1)
READABLE(elr_el1)
READABLE(spsr_el1)
READABLE(tpidr_el1)
READABLE(currentel)

WRITABLE(cpacr_el1)

READABLE(mdscr_el1)
WRITABLE(mdscr_el1)
WRITABLE(oslar_el1)
WRITABLE(osdlr_el1)

READABLE(cntfrq_el0)
READABLE(cntv_ctl_el0)
WRITABLE(cntv_ctl_el0)
WRITABLE(cntv_cval_el0)
WRITABLE(cntkctl_el1)

#undef READABLE
#undef WRITABLE

/// The virtual count; the ISB keeps it from being read before earlier instructions have completed.
static inline __attribute__((always_inline)) uint64_t arm_read_cntvct_el0(void) {
  uint64_t value;
  __asm__ volatile("isb\n mrs %0, cntvct_el0" : "=r"(value)::"memory");
  return value;
}

#endif
