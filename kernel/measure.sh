#!/bin/sh
# Prints what can be measured of a kernel image from outside: the size of its text, and the instructions from
# its entry to the first of the root domain.
#
# With `-icount shift=0` each instruction takes one nanosecond of the guest's time, so its timer counts
# instructions: boot ends by arming the timer for one tick from then.
#
# usage: kernel/measure.sh IMAGE
set -eu
image=$1
socket=$(mktemp -u)
text=$(llvm-objdump -h "$image" | awk '$2 == ".text" { print $3 }')
echo "text: $((0x$text)) bytes"

timeout 60 qemu-system-aarch64 -M virt -cpu cortex-a72 -m 256M -icount shift=0 -display none -serial null \
  -monitor none -S -gdb "unix:$socket,server=on,wait=off" -kernel "$image" 2>/dev/null &
qemu=$!
trap 'kill $qemu 2>/dev/null; rm -f "$socket"' EXIT
while [ ! -S "$socket" ]; do
  kill -0 $qemu || exit 1
  sleep 0.1
done
deadline=$(timeout 50 gdb-multiarch -q -batch "$image" -ex "target remote $socket" -ex "break resume_context" \
  -ex continue -ex "printf \"deadline %ld\n\", \$CNTV_CVAL_EL0" -ex kill 2>/dev/null | awk '$1 == "deadline" { print $2 }')
# 62.5 MHz: a count is 16 ns, a tick of 10 ms is 625,000 counts.
echo "boot: $(((deadline - 625000) * 16)) instructions"
