// Accesses that may abort: the exception ends them instead of the kernel (probe.S).
#ifndef KERNEL_PROBE_H
#define KERNEL_PROBE_H

#include <stdint.h>

struct ProbeResult {
  uint64_t value;
  /// 1, or 0 if the access aborted.
  uint64_t succeeded;
};

/// Reads `width` bytes (1, 2, 4 or 8) at an aligned address, in one access.
struct ProbeResult vesper_probe_load(uint64_t address, uint64_t width);

/// Writes `width` bytes (1, 2, 4 or 8) at an aligned address, in one access. Only `succeeded` has a meaning.
struct ProbeResult vesper_probe_store(uint64_t address, uint64_t width, uint64_t value);

/// Where to go on if the program counter is in one of the two; 0 if it is elsewhere.
__attribute__((always_inline)) static inline uint64_t vesper_probe_continuation(uint64_t pc) {
  extern const char vesper_probe_start[], vesper_probe_failed[];
  return pc >= (uint64_t)vesper_probe_start && pc < (uint64_t)vesper_probe_failed ? (uint64_t)vesper_probe_failed : 0;
}

#endif
