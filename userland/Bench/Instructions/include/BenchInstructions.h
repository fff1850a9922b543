// The measured loops: between two readings of the counter nothing happens but what is told here. See
// measured.S.
#ifndef BENCH_INSTRUCTIONS_H
#define BENCH_INSTRUCTIONS_H

#include <stdint.h>

// What a system call takes; x8 is 0 if there is none.
struct bench_registers {
  uint64_t x0, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10;
};

// A system call to be repeated, and what is added to its words x2...x7 each time.
struct bench_call {
  struct bench_registers arguments;
  uint64_t steps[6];
};

// Counts of the counter, and all statuses ORed.
struct bench_result {
  uint64_t counts;
  uint64_t status;
};

// Makes the call `count` times.
struct bench_result bench_repeat(struct bench_call *call, uint64_t count);
// The same with a nop in place of the svc: what the loop itself takes.
struct bench_result bench_repeat_nothing(struct bench_call *call, uint64_t count);

// One of two domains that wait for each other by turns.
struct bench_side {
  struct bench_registers first;
  struct bench_registers second;
  // Counter when it came to run, and when it last gave way.
  uint64_t arrived, left;
  // Exchanges still to do.
  uint64_t count;
  // Not 0: one instruction more in each exchange, for a length that is odd.
  uint64_t padding;
  // Address of the device's registers, 0 if it has none to serve.
  uint64_t device;
  struct bench_side *partner;
  // Sums over all exchanges, in counts.
  uint64_t first_call, to_partner, from_partner, total;
  // All statuses ORed.
  uint64_t status;
  // What is called when all is done.
  struct bench_registers done;
  // Address of the control block, if it has one, and bits of the reasons of activations that count as an arrival.
  uint64_t block, reason;
};

// Where a domain begins; x0 is the address of its side.
#define BENCH_ENTRY(name) \
  extern const char name[]; \
  static inline uint64_t name##_address(void) { return (uint64_t)name; }

// `first` gives way to the partner.
BENCH_ENTRY(bench_active)
// `first` does not give way, `second` does.
BENCH_ENTRY(bench_active_twice)
// A load that faults gives way.
BENCH_ENTRY(bench_active_fault)
BENCH_ENTRY(bench_after_fault)
// A use of a floating-point register, and `second`, which gives way.
BENCH_ENTRY(bench_active_vector)
// An alarm of the PL031 gives way.
BENCH_ENTRY(bench_active_interrupt)
// Gives way by `first`; when it runs again it serves the device and makes the call `second`, if it has any.
BENCH_ENTRY(bench_partner)
// The same, and uses a floating-point register in between.
BENCH_ENTRY(bench_partner_vector)
// Turns activations on and gives way; the sum of what it takes from a return to here is its `first_call`.
BENCH_ENTRY(bench_partner_activated)
// The activation, with the side's address as its stack pointer: serves the device, makes the call `second`, and returns.
BENCH_ENTRY(bench_activation)

// Counts its rounds in its side's `count`, and yields after each, for ever.
BENCH_ENTRY(bench_alike)

// What a client and a server do with the library. Defined in Swift.
#define BENCH_SWIFT_ENTRY(name) \
  void name(uint64_t side, uint64_t, uint64_t); \
  static inline uint64_t name##_address(void) { return (uint64_t)name; }
BENCH_SWIFT_ENTRY(bench_client)
BENCH_SWIFT_ENTRY(bench_server)

#undef BENCH_ENTRY
#undef BENCH_SWIFT_ENTRY

// The counter, CNTVCT_EL0.
static inline uint64_t bench_counter(void) {
  uint64_t counts;
  __asm__ volatile("mrs %0, cntvct_el0" : "=r"(counts) : : "memory");
  return counts;
}

// Memory for eight sides, side by side.
struct bench_side *bench_sides(void);

// Tells the plugin that counts kernel entries (../Entries) where a measured operation begins, and where it ends.
static inline void bench_mark(void) { __asm__ volatile("hint #126" : : : "memory"); }

#endif
