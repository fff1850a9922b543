// TLB maintenance and address translation (Arm ARM, C5.4 and C5.5). A TLBI is complete only after DSB ISH,
// and seen by this processor's next instruction only after ISB.
#ifndef KERNEL_TRANSLATION_INSTRUCTIONS_H
#define KERNEL_TRANSLATION_INSTRUCTIONS_H

#include <stdint.h>

/// Invalidates every cached translation of EL1&0.
static inline __attribute__((always_inline)) void arm_tlbi_vmalle1is(void) { __asm__ volatile("tlbi vmalle1is" ::: "memory"); }

/// Invalidates the page of a virtual address for every ASID; the instruction takes VA[55:12] in bits 43:0.
static inline __attribute__((always_inline)) void arm_tlbi_vaae1is(uint64_t address) {
  __asm__ volatile("tlbi vaae1is, %0" ::"r"(address << 8 >> 20) : "memory");
}

/// Invalidates every non-global translation of an ASID, which the instruction takes in bits 63:48.
static inline __attribute__((always_inline)) void arm_tlbi_aside1is(uint64_t asid) {
  __asm__ volatile("tlbi aside1is, %0" ::"r"(asid << 48) : "memory");
}

/// Translates for a read or a write at EL1; the result (PAR_EL1) has bit 0 set if the access would fault.
static inline __attribute__((always_inline)) uint64_t arm_at_s1e1r(uint64_t address) {
  uint64_t par;
  __asm__ volatile("at s1e1r, %1\n isb\n mrs %0, par_el1" : "=r"(par) : "r"(address) : "memory");
  return par;
}

static inline __attribute__((always_inline)) uint64_t arm_at_s1e1w(uint64_t address) {
  uint64_t par;
  __asm__ volatile("at s1e1w, %1\n isb\n mrs %0, par_el1" : "=r"(par) : "r"(address) : "memory");
  return par;
}

#endif
