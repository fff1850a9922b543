#!/bin/sh
# check-relocations.sh PROGRAM
#
# Fails unless every dynamic relocation of PROGRAM is R_AARCH64_RELATIVE, the only kind that start.S applies,
# and lies in the data segment, the only one that a program can write to.
set -eu
program=$1
# Of the loaded segments whose flags are rw-: address and size.
data=$(llvm-objdump --private-headers "$program" |
  awk '$2 == "off" { type = $1; start = $5 } $1 == "filesz" && type == "LOAD" && $6 == "rw-" { print start, $4 }')
[ "$(printf '%s' "$data" | grep -c '')" = 1 ] || { echo "$program: not one data segment" >&2; exit 1; }
start=$(( ${data% *} ))
end=$(( start + ${data#* } ))
llvm-objdump --dynamic-reloc "$program" | awk 'NF == 3 && $1 ~ /^[0-9a-f]+$/ { print $1, $2 }' |
  while read -r offset type; do
    [ "$type" = R_AARCH64_RELATIVE ] ||
      { echo "$program: relocation $type at 0x$offset is not R_AARCH64_RELATIVE" >&2; exit 1; }
    address=$(( 0x$offset ))
    [ "$address" -ge "$start" ] && [ "$address" -lt "$end" ] ||
      { echo "$program: relocation at 0x$offset is outside of the data segment" >&2; exit 1; }
  done
