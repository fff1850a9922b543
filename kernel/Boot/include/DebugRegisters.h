// The numbered debug registers (Arm ARM, D17.3). An instruction names its register, so each number needs its own.
#ifndef KERNEL_DEBUG_REGISTERS_H
#define KERNEL_DEBUG_REGISTERS_H

#include <stdint.h>

#define EACH_NUMBER(X, name)                                                                           \
  X(name, 0) X(name, 1) X(name, 2) X(name, 3) X(name, 4) X(name, 5) X(name, 6) X(name, 7)              \
  X(name, 8) X(name, 9) X(name, 10) X(name, 11) X(name, 12) X(name, 13) X(name, 14) X(name, 15)

#define READ_CASE(name, number) \
  case number: __asm__ volatile("mrs %0, " #name #number "_el1" : "=r"(value)::"memory"); break;
#define WRITE_CASE(name, number) \
  case number: __asm__ volatile("msr " #name #number "_el1, %0" ::"r"(value) : "memory"); break;

/// `number` must be one that the processor has: ID_AA64DFR0_EL1 tells.
#define DEBUG_REGISTER(name)                                                \
  static inline __attribute__((always_inline)) uint64_t arm_read_##name(uint64_t number) {                 \
    uint64_t value = 0;                                                     \
    switch (number) { EACH_NUMBER(READ_CASE, name) }                        \
    return value;                                                           \
  }                                                                         \
  static inline __attribute__((always_inline)) void arm_write_##name(uint64_t number, uint64_t value) {    \
    switch (number) { EACH_NUMBER(WRITE_CASE, name) }                       \
  }

DEBUG_REGISTER(dbgbvr)
DEBUG_REGISTER(dbgbcr)
DEBUG_REGISTER(dbgwvr)
DEBUG_REGISTER(dbgwcr)

#undef DEBUG_REGISTER
#undef WRITE_CASE
#undef READ_CASE
#undef EACH_NUMBER

/// PSTATE's mask bits D, A, I, F, in bits 9:6.
static inline __attribute__((always_inline)) uint64_t arm_read_daif(void) {
  uint64_t value;
  __asm__ volatile("mrs %0, daif" : "=r"(value)::"memory");
  return value;
}

static inline __attribute__((always_inline)) void arm_write_daif(uint64_t value) { __asm__ volatile("msr daif, %0" ::"r"(value) : "memory"); }

/// Masks watchpoints, breakpoints and software steps.
static inline __attribute__((always_inline)) void arm_mask_debug(void) { __asm__ volatile("msr daifset, #8" ::: "memory"); }

#endif
