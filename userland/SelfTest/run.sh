#!/bin/sh
# run.sh IMAGE
#
# Boots (CLOCK=host: with the host's clock in place of one that counts instructions) the self-test in QEMU, shows its results, and ends QEMU after the last of them. Exit status: 0 if every
# case is ok, 1 if not, 2 if it does not come to its end within TIMEOUT seconds (600).
set -eu
image=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkfifo "$folder/console"
# Words of their own.
clock="-icount shift=0,sleep=off -rtc clock=vm"
[ "${CLOCK:-}" != host ] || clock=
timeout "${TIMEOUT:-600}" qemu-system-aarch64 -machine virt -cpu cortex-a72 -m 512M -display none -nodefaults \
  $clock -serial stdio -kernel "$image" </dev/null >"$folder/console" 2>"$folder/messages" &
qemu=$!
status=2
failures=0
while IFS= read -r line; do
  line=${line%"$(printf '\r')"}
  printf '%s\n' "$line"
  case $line in
    "not ok"*) failures=$((failures + 1)) ;;
    "# done") status=0; break ;;
  esac
done <"$folder/console"
kill "$qemu" 2>/dev/null || true
wait "$qemu" 2>/dev/null || true
[ "$status" = 0 ] || { cat "$folder/messages" >&2; echo "the self-test did not come to its end" >&2; }
[ "$failures" = 0 ] || [ "$status" != 0 ] || status=1
exit "$status"
