// What Swift cannot say: the system call instruction, and what start.S leaves.
#ifndef USER_RUNTIME_H
#define USER_RUNTIME_H

#include <stdint.h>

// The registers that a system call reads (x0...x10) and writes (x0...x8); see KernelObjects.SystemCall.
struct vesper_registers {
  uint64_t x0, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10;
};

static inline __attribute__((always_inline)) struct vesper_registers
vesper_system_call(struct vesper_registers arguments) {
  register uint64_t x0 __asm__("x0") = arguments.x0;
  register uint64_t x1 __asm__("x1") = arguments.x1;
  register uint64_t x2 __asm__("x2") = arguments.x2;
  register uint64_t x3 __asm__("x3") = arguments.x3;
  register uint64_t x4 __asm__("x4") = arguments.x4;
  register uint64_t x5 __asm__("x5") = arguments.x5;
  register uint64_t x6 __asm__("x6") = arguments.x6;
  register uint64_t x7 __asm__("x7") = arguments.x7;
  register uint64_t x8 __asm__("x8") = arguments.x8;
  register uint64_t x9 __asm__("x9") = arguments.x9;
  register uint64_t x10 __asm__("x10") = arguments.x10;
  // Memory is clobbered: other domains, and the kernel for a mapping that changed, may have written any of it.
  __asm__ volatile("svc #0"
                   : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3), "+r"(x4), "+r"(x5), "+r"(x6), "+r"(x7), "+r"(x8)
                   : "r"(x9), "r"(x10)
                   : "memory", "cc");
  return (struct vesper_registers){x0, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10};
}

// Devices are in the outer shareable domain (Arm ARM, B2.7).
static inline __attribute__((always_inline)) void vesper_order_device_memory(void) {
  __asm__ volatile("dmb osh" ::: "memory");
}

// Counts of the generic timer since some moment before boot, and in a second (Arm ARM, D11.1.2 and D11.1.1).
static inline __attribute__((always_inline)) uint64_t vesper_time(void) {
  uint64_t counts;
  // The barrier keeps the count from being read before what comes earlier in the program.
  __asm__ volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(counts) : : "memory");
  return counts;
}

static inline __attribute__((always_inline)) uint64_t vesper_time_frequency(void) {
  uint64_t frequency;
  __asm__("mrs %0, cntfrq_el0" : "=r"(frequency));
  return frequency;
}

// x0...x2 at the program's start.
extern const uint64_t vesper_arguments[3];

#endif
