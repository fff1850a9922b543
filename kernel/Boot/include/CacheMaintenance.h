// Cache maintenance by virtual address (Arm ARM, C5.3). Completion needs a barrier: see Barriers.h.
#ifndef KERNEL_CACHE_MAINTENANCE_H
#define KERNEL_CACHE_MAINTENANCE_H

#include <stdint.h>

/// Zeroes the block (of the size DCZID_EL0 tells) that holds the address.
static inline __attribute__((always_inline)) void arm_dc_zva(uint64_t address) { __asm__ volatile("dc zva, %0" ::"r"(address) : "memory"); }

/// Cleans the data cache line of the address to the point of unification.
static inline __attribute__((always_inline)) void arm_dc_cvau(uint64_t address) { __asm__ volatile("dc cvau, %0" ::"r"(address) : "memory"); }

/// Invalidates the instruction cache line of the address to the point of unification.
static inline __attribute__((always_inline)) void arm_ic_ivau(uint64_t address) { __asm__ volatile("ic ivau, %0" ::"r"(address) : "memory"); }

/// Invalidates all instruction caches of the inner shareable domain.
static inline __attribute__((always_inline)) void arm_ic_ialluis(void) { __asm__ volatile("ic ialluis" ::: "memory"); }

#endif
