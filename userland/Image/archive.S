// The usual system.
.include "archive.inc"

  begin_archive "root.bin", 5
  entry "server", server
  entry "client-a", client_a
  entry "client-b", client_b
  entry "clock", clock
  entry "waiter", waiter
  file server, "server.bin"
  file client_a, "client-a.bin"
  file client_b, "client-b.bin"
  file clock, "clock.bin"
  file waiter, "waiter.bin"
  end_archive
