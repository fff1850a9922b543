// Barriers and hints (Arm ARM, C6.2). The compiler must not move memory accesses across them either.
#ifndef KERNEL_BARRIERS_H
#define KERNEL_BARRIERS_H

static inline __attribute__((always_inline)) void arm_isb(void) { __asm__ volatile("isb" ::: "memory"); }

/// Completes earlier stores to Normal memory before anything after it, in the inner shareable domain.
static inline __attribute__((always_inline)) void arm_dsb_ishst(void) { __asm__ volatile("dsb ishst" ::: "memory"); }

static inline __attribute__((always_inline)) void arm_dsb_ish(void) { __asm__ volatile("dsb ish" ::: "memory"); }

static inline __attribute__((always_inline)) void arm_dsb_sy(void) { __asm__ volatile("dsb sy" ::: "memory"); }

/// Waits for an interrupt, which ends the wait even while PSTATE masks it.
static inline __attribute__((always_inline)) void arm_wfi(void) { __asm__ volatile("wfi" ::: "memory"); }

#endif
