// Examples of schedulers, and their clients.
.include "archive.inc"

  begin_archive "example-root.bin", 6
  entry "round-robin", round_robin
  entry "strides", strides
  entry "priorities", priorities
  entry "deadlines", deadlines
  entry "worker", worker
  entry "level", level
  file round_robin, "round-robin.bin"
  file strides, "strides.bin"
  file priorities, "priorities.bin"
  file deadlines, "deadlines.bin"
  file worker, "worker.bin"
  file level, "level.bin"
  end_archive
