// Floating-point and SIMD registers (floatingpoint.S).
#ifndef KERNEL_FLOATING_POINT_H
#define KERNEL_FLOATING_POINT_H

#include <stdint.h>

/// Stores the registers in the FloatingPointState at a virtual address.
void vesper_save_floating_point(uint64_t state);

/// Sets them from there.
void vesper_load_floating_point(uint64_t state);

#endif
