// What the C library has only with _GNU_SOURCE, which Swift's Glibc module is not built with.
#pragma once

#include <sys/types.h>
#include <sys/uio.h>

/// process_vm_readv(2) into one buffer: returns the bytes read, or -1 and sets errno.
ssize_t vesper_process_vm_readv(pid_t process, void *_Nonnull local, size_t local_size,
                                const struct iovec *_Nonnull remote, unsigned long remote_count);

/// The process and user at the other end of a connected unix socket (SO_PEERCRED); -1 if that is not known.
int vesper_peer_credentials(int socket, pid_t *_Nonnull process, uid_t *_Nonnull user);
