// Calls of the firmware: the function's number in x0, which returns the result (Arm's SMC Calling Convention).
#ifndef KERNEL_FIRMWARE_CALLS_H
#define KERNEL_FIRMWARE_CALLS_H

#include <stdint.h>

#define FIRMWARE_CALL(instruction)                                                                  \
  static inline __attribute__((always_inline)) void arm_##instruction(uint64_t function) {          \
    register uint64_t x0 __asm__("x0") = function;                                                  \
    __asm__ volatile(#instruction " #0" : "+r"(x0)::"x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", \
                     "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17", "memory");       \
  }

FIRMWARE_CALL(hvc)
FIRMWARE_CALL(smc)

#undef FIRMWARE_CALL

#endif
