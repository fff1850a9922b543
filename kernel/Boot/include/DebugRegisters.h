// Breakpoint and watchpoint registers (Arm ARM, D17.3), which instructions name by number. Every Armv8
// processor has at least two of each; these are the first four.
#ifndef KERNEL_DEBUG_REGISTERS_H
#define KERNEL_DEBUG_REGISTERS_H

#include <stdint.h>

#define WRITE_PAIR(kind, number)                                        \
  case number:                                                          \
    __asm__ volatile("msr dbg" kind "cr" #number "_el1, xzr\n"          \
                     "msr dbg" kind "vr" #number "_el1, %0\n"           \
                     "msr dbg" kind "cr" #number "_el1, %1\n"           \
                     "isb" ::"r"(value), "r"(control) : "memory");      \
    break;

/// Sets value and control of breakpoint 0 to 3.
static inline void arm_write_breakpoint(uint64_t number, uint64_t value, uint64_t control) {
  switch (number) {
    WRITE_PAIR("b", 0)
    WRITE_PAIR("b", 1)
    WRITE_PAIR("b", 2)
    WRITE_PAIR("b", 3)
  }
}

/// Sets value and control of watchpoint 0 to 3.
static inline void arm_write_watchpoint(uint64_t number, uint64_t value, uint64_t control) {
  switch (number) {
    WRITE_PAIR("w", 0)
    WRITE_PAIR("w", 1)
    WRITE_PAIR("w", 2)
    WRITE_PAIR("w", 3)
  }
}

#undef WRITE_PAIR

/// PSTATE's mask bits D, A, I, F, in bits 9:6.
static inline uint64_t arm_read_daif(void) {
  uint64_t value;
  __asm__ volatile("mrs %0, daif" : "=r"(value)::"memory");
  return value;
}

static inline void arm_write_daif(uint64_t value) { __asm__ volatile("msr daif, %0" ::"r"(value) : "memory"); }

/// Masks watchpoints, breakpoints and software steps.
static inline void arm_mask_debug(void) { __asm__ volatile("msr daifset, #8" ::: "memory"); }

#endif
