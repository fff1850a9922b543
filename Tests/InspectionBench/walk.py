"""Lists the capabilities of a kernel, as somebody would who has a general debugger's Python and no vesper.

Where things are is in a JSON file that the measurement writes, so that nothing here has to be found out.
"""

import json
import struct
import time

SLOT = struct.Struct("<QQIIII")


class Layout:
    def __init__(self, path):
        with open(path) as file:
            facts = json.load(file)
        self.root = facts["root"]
        self.bits = {name: tuple(place) for name, place in facts["bits"].items()}
        self.types = {int(number): name for number, name in facts["types"].items()}
        self.cnode = next(number for number, name in self.types.items() if name == "cnode")
        self.null = next(number for number, name in self.types.items() if name == "null")


def one_by_one(read, address, count):
    """Each slot by a request of its own."""
    for index in range(count):
        yield SLOT.unpack(read(address + index * SLOT.size, SLOT.size))


def at_once(read, address, count):
    """A whole CNode by one request."""
    return SLOT.iter_unpack(read(address, count * SLOT.size))


def walk(layout, slots_of, out, limit):
    """Writes a line for each capability; stops after `limit` slots. Returns how many slots it looked at."""
    (type_shift, type_mask) = layout.bits["type"]
    (address_shift, address_mask) = layout.bits["address"]
    (rights_shift, rights_mask) = layout.bits["rights"]
    (radix_shift, radix_mask) = layout.bits["size"]
    null, cnode, types = layout.null, layout.cnode, layout.types
    waiting = [tuple(layout.root)]
    seen = {waiting[0][0]}
    looked_at = 0
    while waiting and looked_at < limit:
        (table, radix) = waiting.pop(0)
        for index, (word0, word1, child, after, before, generation) in enumerate(slots_of(table, 1 << radix)):
            kind = word0 >> type_shift & type_mask
            if kind == null:
                continue
            address = word0 >> address_shift & address_mask
            out.write(
                f"{table:#x}[{index}] {types.get(kind, kind)} {address:#x} {word0 >> rights_shift & rights_mask} "
                f"{word1:#x} {child:#x} {after:#x} {before:#x} {generation}\n"
            )
            if kind == cnode and address not in seen:
                seen.add(address)
                waiting.append((address, word0 >> radix_shift & radix_mask))
        looked_at += 1 << radix
    return looked_at


def measure(read, layout_path, how, limit, out_path):
    """Prints the seconds of the walk and the slots it looked at."""
    layout = Layout(layout_path)
    slots_of = {"one-by-one": one_by_one, "at-once": at_once}[how]
    start = time.perf_counter()
    with open(out_path, "w") as out:
        looked_at = walk(layout, lambda address, count: slots_of(read, address, count), out, limit)
    print(f"walk {time.perf_counter() - start:.6f} {looked_at}", flush=True)
