// What Swift cannot say of threads: changing the stack, and a carrier's whole life (switch.S).
#ifndef THREAD_SWITCH_H
#define THREAD_SWITCH_H

#ifdef __ASSEMBLER__
#define CARRIER_IS_DONE 88
#define CARRIER_WANTS_SIGNAL 96
#define CARRIER_WAKE 104
#define CARRIER_TOLD 112
#else
#include <stddef.h>
#include <stdint.h>

// A call as a carrier makes it: the registers that it begins and ends with, and what the carrier waits for and tells.
struct vesper_carrier_call {
  uint64_t x0, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10;
  uint64_t is_done, wants_signal;
  // Capability pointers of notifications.
  uint64_t wake, told;
};
_Static_assert(offsetof(struct vesper_carrier_call, is_done) == 88, "CARRIER_IS_DONE");
_Static_assert(offsetof(struct vesper_carrier_call, wants_signal) == 96, "CARRIER_WANTS_SIGNAL");
_Static_assert(offsetof(struct vesper_carrier_call, wake) == 104, "CARRIER_WAKE");
_Static_assert(offsetof(struct vesper_carrier_call, told) == 112, "CARRIER_TOLD");

// Goes on with what another call of this left at `stack`, or `vesper_thread_prepare` made; returns when somebody goes
// on with what this one left, of which it writes the stack pointer to `*left`.
void vesper_thread_switch(uint64_t *left, uint64_t stack);
// Makes a stack that begins with vesper_thread_main(thread). Returns its stack pointer.
uint64_t vesper_thread_prepare(uint64_t stack_end, uint64_t thread);
// Defined in Swift.
void vesper_thread_main(uint64_t thread);
// Where an activation begins, and what it calls, defined in Swift. The first returns where it saved what was interrupted.
void vesper_threads_activation(uint64_t reason, uint64_t events, uint64_t context);
uint64_t vesper_threads_save(void);
void vesper_threads_preempted(uint64_t reason, uint64_t events);
void vesper_threads_restore(uint64_t saved);
static inline uint64_t vesper_threads_activation_address(void) { return (uint64_t)vesper_threads_activation; }
// Where a carrier begins. It uses no stack.
void vesper_carrier(struct vesper_carrier_call *call);
static inline uint64_t vesper_carrier_address(void) { return (uint64_t)vesper_carrier; }

// A word that the kernel or a preempted thread sees too: neither left out nor moved.
static inline uint64_t vesper_threads_load(uint64_t address) {
  uint64_t value;
  __asm__ volatile("ldr %0, [%1]" : "=r"(value) : "r"(address) : "memory");
  return value;
}

static inline void vesper_threads_store(uint64_t value, uint64_t address) {
  __asm__ volatile("str %0, [%1]" : : "r"(value), "r"(address) : "memory");
}

// What is written before is seen by other domains before what is read from now on is looked at.
static inline void vesper_threads_order(void) { __asm__ volatile("dmb ish" : : : "memory"); }

// TPIDR_EL0 (Arm ARM, D17.2.141): the page of the domain's threads.
static inline uint64_t vesper_threads_page(void) {
  uint64_t page;
  __asm__ volatile("mrs %0, tpidr_el0" : "=r"(page));
  return page;
}

static inline void vesper_threads_set_page(uint64_t page) {
  __asm__ volatile("msr tpidr_el0, %0" : : "r"(page));
}
#endif

#endif
