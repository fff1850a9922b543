#define _GNU_SOURCE
#include "CLibC.h"

#include <sys/socket.h>

ssize_t vesper_process_vm_readv(pid_t process, void *local, size_t local_size, const struct iovec *remote,
                                unsigned long remote_count) {
  struct iovec into = {.iov_base = local, .iov_len = local_size};
  return process_vm_readv(process, &into, 1, remote, remote_count, 0);
}

int vesper_peer_credentials(int socket, pid_t *process, uid_t *user) {
  struct ucred credentials;
  socklen_t size = sizeof credentials;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return -1;
  *process = credentials.pid;
  *user = credentials.uid;
  return 0;
}
