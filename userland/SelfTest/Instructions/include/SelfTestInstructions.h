// Single instructions that go wrong, each a function whose first instruction is the one that faults: so the
// program counter of a fault message can be foretold.
#ifndef SELF_TEST_INSTRUCTIONS_H
#define SELF_TEST_INSTRUCTIONS_H

#include <stdint.h>

uint64_t selftest_load(uint64_t address);
void selftest_store(uint64_t address, uint64_t value);
// Branches to the address, with the return address in x30.
uint64_t selftest_execute(uint64_t address);
// udf #0.
void selftest_undefined(void);
// brk #7.
void selftest_break(void);
// Reads SCTLR_EL1.
uint64_t selftest_read_privileged(void);
// Writes TTBR0_EL1.
void selftest_write_privileged(uint64_t value);
// Masks interrupts (DAIFSet).
void selftest_mask_interrupts(void);
// tlbi vmalle1.
void selftest_invalidate_tlb(void);
// ldxr, which does not take every address.
uint64_t selftest_load_exclusive(uint64_t address);
// Recurses until the stack is used up.
void selftest_overflow_stack(void);
// hvc #0, smc #0.
void selftest_call_hypervisor(void);
void selftest_call_monitor(void);

// Where an activation begins, and what it calls (defined in Swift) with the word at the top of its stack.
void selftest_activation_entry(uint64_t reason, uint64_t events, uint64_t index);
void selftest_activation(uint64_t reason, uint64_t events, uint64_t index, uint64_t record);
// Runs on the spot, with no register changed.
void selftest_spin(void);

// Sets v0 to v31, two words each, to `first`, `first` + 1 and so on, and FPCR.
void selftest_set_vectors(uint64_t first, uint64_t fpcr);
// How many of v0 to v31 and FPCR hold something else.
uint64_t selftest_count_other_vectors(uint64_t first, uint64_t fpcr);
// All bits that are set in any of v0 to v31, FPCR and FPSR; v0 is lost.
uint64_t selftest_any_vector_bits(void);

// Address of a function above, as a number.
#define SELFTEST_ADDRESS(name) static inline uint64_t name##_address(void) { return (uint64_t)name; }
SELFTEST_ADDRESS(selftest_load)
SELFTEST_ADDRESS(selftest_store)
SELFTEST_ADDRESS(selftest_undefined)
SELFTEST_ADDRESS(selftest_break)
SELFTEST_ADDRESS(selftest_read_privileged)
SELFTEST_ADDRESS(selftest_write_privileged)
SELFTEST_ADDRESS(selftest_mask_interrupts)
SELFTEST_ADDRESS(selftest_invalidate_tlb)
SELFTEST_ADDRESS(selftest_load_exclusive)
SELFTEST_ADDRESS(selftest_overflow_stack)
SELFTEST_ADDRESS(selftest_call_hypervisor)
SELFTEST_ADDRESS(selftest_call_monitor)
SELFTEST_ADDRESS(selftest_activation_entry)
SELFTEST_ADDRESS(selftest_spin)

// Where a helper domain begins; x0 is the address of its record. Defined in Swift.
void selftest_helper(uint64_t record, uint64_t, uint64_t);
SELFTEST_ADDRESS(selftest_helper)

// Where an attacker begins: the address of its record, and the seed. Defined in Swift.
void selftest_attacker(uint64_t record, uint64_t seed, uint64_t);
SELFTEST_ADDRESS(selftest_attacker)

#undef SELFTEST_ADDRESS

#endif
