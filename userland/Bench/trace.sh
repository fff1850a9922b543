#!/bin/sh
# trace.sh IMAGE [INSTRUCTIONS...]
#
# The second way to count, independent of the timer: QEMU logs every instruction of the kernel that the measurements
# make it execute. Prints how many kernel entries took which number of instructions, from the vector to `eret`. For
# each number of INSTRUCTIONS that is named it prints instead how many of them each source function had, inlined or not.
#
# Takes about a minute.
set -eu
image=$1
shift
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkfifo "$folder/console" "$folder/log"
address() { llvm-nm "$image" | awk -v name="$1" '$3 == name { print $1 }'; }

timeout "${TIMEOUT:-300}" qemu-system-aarch64 -machine virt -cpu cortex-a57 -m 256M -icount shift=0,sleep=off -rtc clock=vm \
  -display none -nodefaults -serial stdio -singlestep -d exec,nochain -D "$folder/log" \
  -dfilter "0x$(address __text_start)..0x$(address __text_end)" -kernel "$image" </dev/null >"$folder/console" 2>"$folder/messages" &
qemu=$!
{ sed '/bench done/q' <"$folder/console"; kill "$qemu"; } >/dev/null &

# A line of the log: "Trace 0: HOST [.../PC/.../...] SYMBOL". An instruction that reaches a device, or before which
# QEMU stopped, is tried twice and logged twice.
awk -v asked="$*" -v synchronous="$(address user_synchronous)" -v interrupt="$(address user_irq)" '
  function finish(  pc) {
    if (count == 0) return
    entries[count]++
    if (count in wanted) for (pc in hits) total[count " " pc] += hits[pc]
    split("", hits)
    count = 0
  }
  BEGIN { split(asked, list, " "); for (position in list) wanted[list[position]] = 1 }
  /^Stopped/ { next }
  {
    split($0, part, "/")
    pc = part[2]
    if (pc == last) next
    last = pc
    if (pc == synchronous || pc == interrupt) { finish(); inside = 1 }
    if (inside) { hits[pc]++; count++ }
  }
  END {
    if (asked == "") for (number in entries) print number, entries[number]
    for (key in total) { split(key, part, " "); print part[1], part[2], total[key] / entries[part[1]] }
  }' <"$folder/log" | sort -n >"$folder/counts"
wait "$qemu" 2>/dev/null || true

if [ $# = 0 ]; then
  cat "$folder/counts"
  exit
fi
# The innermost function at each address.
awk '{ print "0x" $2 }' "$folder/counts" \
  | llvm-symbolizer --obj="$image" --output-style=GNU --functions=linkage --no-inlines --addresses \
  | awk '/^0x/ { getline; print }' | swift demangle --simplified >"$folder/names"
paste -d ' ' "$folder/counts" "$folder/names" | awk '
  { key = $1; hits = $3; $1 = $2 = $3 = ""; sub(/^ */, ""); sum[key "\t" $0] += hits }
  END { for (key in sum) printf "%s\t%s\n", sum[key], key }' | sort -k 2,2n -k 1,1nr | awk -F '\t' '
  $2 != before { printf "%s%s instructions:\n", before == "" ? "" : "\n", $2; before = $2 }
  { printf "%8.1f  %s\n", $1, $3 }'
