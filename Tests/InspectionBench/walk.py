"""Lists a kernel's capabilities as `vesper dump` does, as somebody would who has a general debugger's Python and no vesper.

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
        self.state = facts["state"]
        self.root_domain = facts["rootDomain"]
        self.origin = facts["origin"]
        self.lines = facts["lines"]
        self.own_slots = facts["ownSlots"]
        self.domain_name = facts["domainName"]
        self.generations = facts["generations"]
        self.parent_tag = facts["parentTag"]
        self.rights = facts["rights"]
        self.bits = {name: tuple(place) for name, place in facts["bits"].items()}
        self.types = {int(number): name for number, name in facts["types"].items()}
        self.number = {name: number for number, name in self.types.items()}


def one_by_one(read, address, count):
    """Each slot by a request of its own."""
    for index in range(count):
        yield SLOT.unpack(read(address + index * SLOT.size, SLOT.size))


def at_once(read, address, count):
    """A whole CNode by one request."""
    return SLOT.iter_unpack(read(address, count * SLOT.size))


class Kernel:
    """What was read: slots by their numbers (address / 32), each with the object that it is in and its place there."""

    def __init__(self, layout, read, slots_of, limit):
        self.layout = layout
        self.read = read
        self.slots_of = slots_of
        self.limit = limit
        self.looked_at = 0
        self.slots = {}
        self.cnodes = {}
        self.domains = {}
        self.names = {}
        self.waiting = []

    def field(self, name, words):
        (word, shift, mask) = self.layout.bits[name]
        return words[word] >> shift & mask

    def gather(self):
        layout = self.layout
        self.enter(layout.state + layout.origin, [0], "origin")
        for line in range(layout.lines["count"]):
            place = layout.state + layout.lines["offset"] + line * layout.lines["stride"]
            self.enter(place, [line], "irq")
        self.gather_domain(layout.root_domain)
        while self.waiting and self.looked_at < self.limit:
            (kind, address, radix) = self.waiting.pop(0)
            if kind == "domain":
                self.gather_domain(address)
            elif address not in self.cnodes:
                self.cnodes[address] = radix
                self.enter(address, range(1 << radix), address)

    def gather_domain(self, address):
        if address in self.domains:
            return
        name = bytes(self.read(address + self.layout.domain_name, 16)).split(b"\0")[0].decode()
        self.domains[address] = name or f"domain-{len(self.domains) + 1}"
        for name, offset in self.layout.own_slots:
            self.enter(address + offset, [name], (address,))

    def enter(self, address, places, holder):
        (_, type_shift, type_mask) = self.layout.bits["type"]
        (_, address_shift, address_mask) = self.layout.bits["address"]
        number_of, slots = self.layout.number, self.slots
        null, cnode = number_of["null"], number_of["cnode"]
        domains = (number_of["domain"], number_of["reply"])
        number = address >> 5
        self.looked_at += len(places)
        for place, slot in zip(places, self.slots_of(self.read, address, len(places))):
            kind = slot[0] >> type_shift & type_mask
            if kind != null or holder == "origin":
                slots[number] = (slot, holder, place)
                if kind == cnode:
                    self.waiting.append(
                        ("cnode", slot[0] >> address_shift & address_mask, self.field("size", slot))
                    )
                elif kind in domains:
                    self.waiting.append(("domain", slot[0] >> address_shift & address_mask, 0))
            number += 1

    def name_cnodes(self):
        level = []
        for address in sorted(self.domains):
            (first, offset) = self.layout.own_slots[0]
            own = self.slots.get(address + offset >> 5)
            if own is not None:
                level.append((self.field("address", own[0]), f"{self.domains[address]}.{first}"))
        while level:
            after = []
            for address, name in level:
                if address in self.names or address not in self.cnodes:
                    continue
                self.names[address] = name
                for index in range(1 << self.cnodes[address]):
                    inner = self.slots.get((address >> 5) + index)
                    if inner is not None and self.field("type", inner[0]) == self.layout.number["cnode"]:
                        after.append((self.field("address", inner[0]), f"{name}[{index}]"))
            level = after

    def preorder(self):
        """Numbers of slots with their parents' and their depths."""
        order = []
        tag = self.layout.parent_tag
        origin = (self.layout.state + self.layout.origin) >> 5
        # The origin, and what is in no list of siblings.
        roots = sorted(number for number, (slot, _, _) in self.slots.items() if not slot[3] and number != origin)
        waiting = [(number, 0, 0) for number in reversed([origin] + roots)]
        while waiting:
            (number, parent, depth) = waiting.pop()
            found = self.slots.get(number)
            if found is None:
                continue
            order.append((number, parent, depth))
            (_, _, child, after, _, _) = found[0]
            if after and not after & tag:
                waiting.append((after, parent, depth))
            if child:
                waiting.append((child, number, depth + 1))
        return order

    def slot_name(self, number):
        if not number:
            return None
        (_, holder, place) = self.slots[number]
        if holder == "origin":
            return "origin"
        if holder == "irq":
            return f"irq[{place}]"
        if isinstance(holder, tuple):
            return f"{self.domains[holder[0]]}.{place}"
        return f"{self.names.get(holder) or f'cnode@{holder:#x}'}[{place}]"

    def linked(self, slot):
        """Where memory is entered, or null twice; the generation is that of the table while it is the same table."""
        if self.field("linked", slot):
            table = self.field("linkPage", slot) << 12
            (address, base) = self.layout.generations
            now = struct.unpack("<I", self.read(address + ((table - base) >> 12) * 4, 4))[0]
            if now == slot[5]:
                return f'"table": "{table:#x}", "index": {self.field("linkIndex", slot)}'
        return '"table": null, "index": null'

    def detail(self, kind, slot):
        word1 = slot[1]
        if kind in ("endpoint", "notification"):
            return f'{{"badge": "{word1:#x}"}}' if word1 else "null"
        if kind in ("frame", "untyped"):
            size = self.field("size", slot)
            device = "true" if self.field("device", slot) else "false"
            if kind == "untyped":
                return f'{{"sizeBits": {size}, "used": {self.field("watermark", slot)}, "device": {device}}}'
            return f'{{"sizeBits": {size}, "device": {device}, {self.linked(slot)}}}'
        if kind in ("segment", "page-table"):
            return f"{{{self.linked(slot)}}}"
        if kind == "cnode":
            return (
                f'{{"radix": {self.field("size", slot)}, "guard": "{word1:#x}", '
                f'"guardSize": {self.field("guardSize", slot)}}}'
            )
        if kind == "protection-domain":
            return f'{{"asid": {word1}}}'
        if kind == "reply":
            return '{"master": true}' if self.field("replyMaster", slot) else '{"master": false}'
        if kind == "time-slice":
            return f'{{"start": {self.field("sliceStart", slot)}, "count": {self.field("sliceCount", slot)}}}'
        if kind == "irq-handler":
            return f'{{"line": {word1}}}'
        return "null"

    def object_name(self, kind, address, slot, first_holders):
        if kind == "time-slice":
            start = self.field("sliceStart", slot)
            return f"slices {start}-{start + self.field('sliceCount', slot) - 1}"
        if kind == "irq-handler":
            return f"irq[{slot[1]}]"
        if not address:
            return None
        if kind in ("domain", "reply"):
            return self.domains.get(address)
        if kind == "cnode":
            return self.names.get(address) or f"cnode@{address:#x}"
        return self.slot_name(first_holders[kind, address])

    def write(self, out):
        order = self.preorder()
        types, rights_of = self.layout.types, {}
        first_holders = {}
        decoded = []
        (_, type_shift, type_mask) = self.layout.bits["type"]
        (_, address_shift, address_mask) = self.layout.bits["address"]
        for number, _, _ in order:
            word0 = self.slots[number][0][0]
            kind = types.get(word0 >> type_shift & type_mask, "null")
            address = word0 >> address_shift & address_mask
            first_holders.setdefault((kind, address), number)
            decoded.append((kind, address))
        parents, objects = {0: None}, {}
        separator = "[\n    "
        for (number, parent, depth), (kind, address) in zip(order, decoded):
            slot = self.slots[number][0]
            if parent not in parents:
                parents[parent] = self.slot_name(parent)
            row = f'{separator}{{"slot": "{self.slot_name(number)}", "depth": {depth}, "derivedFrom": '
            row += f'"{parents[parent]}"' if parents[parent] else "null"
            separator = ",\n    "
            if kind == "null":
                row += ', "type": null, "object": null, "address": null, "rights": null, "detail": null}'
                out.write(row)
                continue
            key = (kind, address or slot[1])
            if key not in objects:
                name = self.object_name(kind, address, slot, first_holders)
                objects[key] = f'"{name}"' if name else "null"
            rights = (kind in ("frame", "segment"), self.field("rights", slot))
            if rights not in rights_of:
                letters = "rwx" if rights[0] else "rwg"
                rights_of[rights] = "".join(
                    letter if rights[1] & mask else "-"
                    for letter, mask in zip(letters, self.layout.rights)
                )
            place = f'"{address:#x}"' if address else "null"
            out.write(
                f'{row}, "type": "{kind}", "object": {objects[key]}, "address": {place}, '
                f'"rights": "{rights_of[rights]}", "detail": {self.detail(kind, slot)}}}'
            )
        out.write("\n  ]")


def measure(read, layout_path, how, limit, out_path):
    """Prints the seconds it took and the slots it looked at."""
    start = time.perf_counter()
    kernel = Kernel(Layout(layout_path), read, {"one-by-one": one_by_one, "at-once": at_once}[how], limit)
    kernel.gather()
    kernel.name_cnodes()
    with open(out_path, "w") as out:
        kernel.write(out)
    print(f"walk {time.perf_counter() - start:.6f} {kernel.looked_at}", flush=True)
