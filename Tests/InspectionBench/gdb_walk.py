"""In gdb-multiarch, attached to QEMU's stub: environment variables LAYOUT, HOW, LIMIT, OUT."""

import os
import sys

import gdb

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import walk

gdb.execute("maintenance packet Qqemu.PhyMemMode:1", to_string=True)
memory = gdb.selected_inferior()
walk.measure(
    memory.read_memory, os.environ["LAYOUT"], os.environ["HOW"], int(os.environ["LIMIT"]), os.environ["OUT"]
)
gdb.execute("maintenance packet Qqemu.PhyMemMode:0", to_string=True)
