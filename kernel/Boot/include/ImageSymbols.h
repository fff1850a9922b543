// Addresses that only the linker knows, as virtual addresses of the running image.
#ifndef KERNEL_IMAGE_SYMBOLS_H
#define KERNEL_IMAGE_SYMBOLS_H

#include <stdint.h>

#define IMAGE_SYMBOL(name)                                                        \
  __attribute__((always_inline)) static inline uint64_t image_##name(void) {                                     \
    uint64_t address;                                                             \
    __asm__("adrp %0, __" #name "\n add %0, %0, :lo12:__" #name : "=r"(address)); \
    return address;                                                               \
  }

IMAGE_SYMBOL(boot_text_start)
IMAGE_SYMBOL(boot_text_end)
IMAGE_SYMBOL(text_start)
IMAGE_SYMBOL(text_end)
IMAGE_SYMBOL(trap_text_start)
IMAGE_SYMBOL(trap_text_end)
IMAGE_SYMBOL(debugger_text_start)
IMAGE_SYMBOL(debugger_text_end)
IMAGE_SYMBOL(rodata_start)
IMAGE_SYMBOL(rodata_end)
IMAGE_SYMBOL(build_id)
IMAGE_SYMBOL(descriptor_start)
IMAGE_SYMBOL(descriptor_end)
IMAGE_SYMBOL(userland_start)
IMAGE_SYMBOL(userland_end)
IMAGE_SYMBOL(data_start)
IMAGE_SYMBOL(data_end)
IMAGE_SYMBOL(stack_guard)
IMAGE_SYMBOL(stack_bottom)
IMAGE_SYMBOL(stack_top)
IMAGE_SYMBOL(debug_stack_guard)
IMAGE_SYMBOL(debug_stack_bottom)
IMAGE_SYMBOL(debug_stack_top)
IMAGE_SYMBOL(image_start)
IMAGE_SYMBOL(image_end)

#undef IMAGE_SYMBOL

/// Where vectors.S begins to restore a context.
static inline uint64_t image_resume_context(void) {
  extern const char resume_context[];
  return (uint64_t)resume_context;
}

/// Where the processor waits while no domain can run.
__attribute__((always_inline)) static inline uint64_t image_idle_wait(void) {
  extern const char vesper_idle_wait[];
  return (uint64_t)vesper_idle_wait;
}

#endif
