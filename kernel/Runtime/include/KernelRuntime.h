// The four functions that compilers call unasked, so that code without a C library still links. They use
// general registers only, as all of the kernel does.
#ifndef KERNEL_RUNTIME_H
#define KERNEL_RUNTIME_H

#include <stddef.h>

void *memcpy(void *restrict destination, const void *restrict source, size_t count);
void *memmove(void *destination, const void *source, size_t count);
void *memset(void *destination, int byte, size_t count);
int memcmp(const void *left, const void *right, size_t count);

#endif
