"""Reads and writes the VM's native structures by the layouts that lowpy gives them."""

from __future__ import annotations

import ctypes

from rufflang.bytecode.opcodes import FIXED
from rufflang.jit.request import GlobalState
from rufflang.lowpy.types import Struct, struct_type
from rufflang.runtime.objects import CellObject, FunctionObject, Proto
from rufflang.runtime.values import FUNCTION
from rufflang.runtime.vm import VM

_VALUE_SIZE = 16


def read_word(address: int) -> int:
    """The u64 at an address."""
    return ctypes.c_uint64.from_address(address).value


def write_word(address: int, value: int) -> None:
    """Stores a u64."""
    ctypes.c_uint64.from_address(address).value = value


def field(base: int, owner: type[Struct], name: str) -> int:
    """A word-sized field of a structure."""
    return read_word(base + struct_type(owner).fields[name].offset)


def set_field(base: int, owner: type[Struct], name: str, value: int) -> None:
    """Changes a word-sized field of a structure."""
    write_word(base + struct_type(owner).fields[name].offset, value)


def code_words(proto: int) -> list[int]:
    """A chunk's code as it stands now, cache words included."""
    count = field(proto, Proto, "code_length")
    return list((ctypes.c_uint64 * count).from_address(field(proto, Proto, "code")))


def parameter_kinds(proto: int) -> list[int]:
    """The kinds of arguments seen, a bit set for each parameter."""
    count = field(proto, Proto, "parameter_count")
    return list((ctypes.c_uint32 * count).from_address(field(proto, Proto, "parameter_feedback")))


def global_state(proto: int, constant: int) -> GlobalState:
    """What is in the global cell that is a constant of the chunk."""
    layout = struct_type(CellObject).fields
    cell = read_word(field(proto, Proto, "constants") + _VALUE_SIZE * constant + 8)
    tag = read_word(cell + layout["value"].offset)
    kind = ctypes.c_uint32.from_address(cell + layout["aux"].offset).value
    if tag != FUNCTION or kind != FIXED:
        return GlobalState(tag)
    closure = read_word(cell + layout["value"].offset + 8)
    return GlobalState(tag, field(field(closure, FunctionObject, "proto"), Proto, "number"))


def frame_tags(vm: int, count: int) -> list[int]:
    """Tags of the running frame's first `count` registers."""
    frame = field(vm, VM, "frame")
    return [read_word(frame + _VALUE_SIZE * number) for number in range(count)]
