"""drgn on a QEMU's monitor (QMP): environment variables QMP, LAYOUT, HOW, LIMIT, OUT."""

import os
import sys

import drgn

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import walk

program = drgn.Program()
program.set_qemu_qmp(os.environ["QMP"])
walk.measure(
    lambda address, count: program.read(address, count, physical=True),
    os.environ["LAYOUT"],
    os.environ["HOW"],
    int(os.environ["LIMIT"]),
    os.environ["OUT"],
)
