#!/bin/sh
# run.sh IMAGE PRODUCTION_IMAGE PLUGIN
#
# Boots the measurements in QEMU and prints a line "ROW NUMBER" for each: instructions, but for `text` and `text-boot`,
# the bytes of code in PRODUCTION_IMAGE, the kernel without its debug channel. PLUGIN (Entries/entries.c) counts the kernel
# entries for the rows `longest-...`. The same images give the same numbers.
#
# Exit status: 0, or 1 if the measurements do not come to their end within TIMEOUT seconds (300).
set -eu
image=$1
production=$2
plugin=$3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkfifo "$folder/console"
# One instruction is one nanosecond of all clocks, the alarm's too, which never follow the host's.
timeout "${TIMEOUT:-300}" qemu-system-aarch64 -machine virt -cpu cortex-a57 -m 256M -icount shift=0,sleep=off -rtc clock=vm \
  -display none -nodefaults -serial stdio -plugin "$plugin,output=$folder/entries" -kernel "$image" </dev/null >"$folder/console" 2>"$folder/messages" &
qemu=$!
status=1
while IFS= read -r line; do
  line=${line%"$(printf '\r')"}
  case $line in
    "bench done") status=0; break ;;
    "bench: "*) echo "$line" >&2 ;;
    "bench "*) echo "${line#bench }" ;;
    "longest "*) echo "${line#longest }" >>"$folder/rows" ;;
  esac
done <"$folder/console"
kill "$qemu" 2>/dev/null || true
wait "$qemu" 2>/dev/null || true
[ "$status" = 0 ] || { cat "$folder/messages" >&2; echo "run.sh: the measurements did not come to their end" >&2; }
# The plugin's rows have no names; the program names them in the same order.
awk '
  FNR == NR && $1 == "row" { figure[++count] = $2 }
  FNR == NR && $1 == "any" { longest = $2 }
  FNR == NR { next }
  { print "longest-" $1, figure[FNR] }
  END { print "longest-any", longest }' "$folder/entries" "$folder/rows"
section() { llvm-objdump -h "$production" | awk -v name="$1" '$2 == name { print $3 }'; }
echo "text $((0x$(section .text)))"
echo "text-boot $((0x$(section .boot_text)))"
exit "$status"
