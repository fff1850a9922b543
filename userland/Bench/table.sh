#!/bin/sh
# table.sh ROWS
#
# Makes a table of the lines "ROW NUMBER" on standard input: each row of ROWS beside seL4's figure and the goal, where
# `limit` is the number in ROWS' own line of that name.
# Exit status: 0, or 1 if a row was not measured.
set -eu
awk -F '|' '
  FNR == NR && $1 == "limit" { limit = $2; next }
  FNR == NR && /^[^#]/ { order[++count] = $1; title[$1] = $2; reference[$1] = $3; goal[$1] = $4 == "limit" ? limit : $4; next }
  FNR == NR { next }
  { split($0, part, " "); figure[part[1]] = part[2] }
  END {
    printf "%-48s %10s %10s %10s %8s\n", "", "Vesper", "seL4", "goal", "of goal"
    for (index_ = 1; index_ <= count; index_++) {
      row = order[index_]
      if (!(row in figure)) { print "table.sh: not measured: " row >"/dev/stderr"; missing = 1; continue }
      value = figure[row]
      printf "%-48s %10d %10s %10s", title[row], value, reference[row], goal[row]
      if (goal[row] == "-") print ""
      else printf " %7d%% %s\n", 100 * value / goal[row], value <= goal[row] ? "met" : "missed"
    }
    print ""
    print "Instructions that the kernel retires from its vector to eret, under QEMU -icount shift=0. They are not"
    print "cycles: caches, branches, barriers and the walks of the TLB cost nothing here."
    exit missing
  }' "$1" -
