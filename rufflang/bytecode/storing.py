"""Units as bytes: what is kept of the compiler's own form for a later run, and shown to whoever makes machine code.

Text and positions are left out.  Python's `marshal` reads and writes what is left, as tuples; `pickle` would have to
be imported.
"""

from __future__ import annotations

from marshal import dumps, loads

from rufflang.bytecode.chunk import (
    Chunk,
    EnumConstant,
    Handler,
    LiteralConstant,
    NamesConstant,
    StructConstant,
    Unit,
)
from rufflang.records import field_values
from rufflang.source import Source

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from rufflang.bytecode.chunk import Constant

_DESCRIPTORS = (NamesConstant, StructConstant, EnumConstant, LiteralConstant)
_CHUNK = len(_DESCRIPTORS)
"""Comes first in the tuple that is a chunk, as for other constants the place among those."""


def stored(unit: Unit) -> bytes:
    """The unit without its text and positions."""
    return dumps((
        unit.source.name, _from_constant(unit.main), unit.global_names, unit.statement_count, unit.exports,
        unit.assumptions,
    ))  # fmt: skip


def restored(data: bytes) -> Unit:
    """What `stored` has made bytes of."""
    name, main, *others = loads(data)
    chunk = _to_constant(main)
    assert isinstance(chunk, Chunk)
    return Unit(Source(name, ""), chunk, *others)


def _from_constant(constant: Constant) -> Any:
    # Not where stored bytecode is read: it imports `collections`.
    from array import array

    if isinstance(constant, Chunk):
        return (
            _CHUNK, constant.name, constant.parameter_count, constant.has_receiver, constant.register_count,
            array("Q", constant.code).tobytes(), [_from_constant(item) for item in constant.constants],
            [field_values(handler) for handler in constant.handlers], constant.captures, constant.lent,
            constant.declared_name, constant.kind, constant.is_taken_apart,
        )  # fmt: skip
    if isinstance(constant, _DESCRIPTORS):
        return _DESCRIPTORS.index(type(constant)), *field_values(constant)
    return constant


def _to_constant(stored: Any) -> Constant:
    if not isinstance(stored, tuple):
        plain: Constant = stored
        return plain
    kind, *values = stored
    if kind != _CHUNK:
        descriptor: Constant = _DESCRIPTORS[kind](*values)
        return descriptor
    name, parameters, has_receiver, registers, code, constants, handlers, *others = values
    captures, lent, declared_name, kind, is_taken_apart = others
    return Chunk(
        name, parameters, has_receiver, registers, memoryview(code).cast("Q").tolist(),
        [_to_constant(item) for item in constants], [Handler(*handler) for handler in handlers],
        [], captures, lent, declared_name, None, kind, is_taken_apart,
    )  # fmt: skip
