"""Texts of values: display text (`print`, `to_string`) and the two debug forms.

Each form is described by a function from one value to *pieces*: strings to emit and
`Inner` values still to be written.  `_write` works through pieces on a list of its
own, so nesting of any depth needs no recursion.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from rufflang.reference.sets import SetValue
from rufflang.reference.values import (
    MAXIMUM_INT,
    MINIMUM_INT,
    ArrayValue,
    CollectionValue,
    DictValue,
    EnumDefinition,
    FunctionValue,
    Handle,
    NativeFunction,
    QueueValue,
    ResultValue,
    StackValue,
    StructDefinition,
    StructValue,
    TaggedValue,
    Value,
)


@dataclass(frozen=True, slots=True)
class Inner:
    """A value whose text belongs at this place."""

    value: Value


_Piece = str | Inner
_Form = Callable[[Value], list[_Piece]]


def display(value: Value) -> str:
    """The display text of `value`."""
    return value if isinstance(value, str) else _write(value, _display_pieces)


def debug(value: Value) -> str:
    """The form that the `debug` built-in prints."""
    return _write(value, _debug_pieces)


def debug_text(value: Value) -> str:
    """The short form in error messages: containers show only their size."""
    if isinstance(value, str):
        return f'Str("{value}")'
    if isinstance(value, ArrayValue):
        return f"Array[{len(value)}]"
    if isinstance(value, DictValue):
        return f"Dict{{{len(value.entries)} keys}}"
    return debug(value)


def canonical_keys(keys: Iterable[str]) -> list[str]:
    """`keys` in canonical order: numeric if all are decimal texts of ints, else by code point."""
    listed = list(keys)
    if all(_is_canonical_int(key) for key in listed):
        return sorted(listed, key=int)
    return sorted(listed)


_CANONICAL_INT = re.compile(r"0|-?[1-9][0-9]{0,18}")


def _is_canonical_int(key: str) -> bool:
    return _CANONICAL_INT.fullmatch(key) is not None and MINIMUM_INT <= int(key) <= MAXIMUM_INT


def float_text(value: float) -> str:
    """Shortest digits that read back as `value`, without exponent or a trailing `.0`."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return format(Decimal(repr(value)), "f").removesuffix(".0")


def _write(value: Value, form: _Form) -> str:
    written: list[str] = []
    pending: list[_Piece] = [Inner(value)]
    while pending:
        piece = pending.pop()
        if isinstance(piece, str):
            written.append(piece)
        else:
            pending.extend(reversed(form(piece.value)))
    return "".join(written)


def _joined(separator: str, values: Iterable[Value]) -> list[_Piece]:
    pieces: list[_Piece] = []
    for value in values:
        pieces += [separator, Inner(value)] if pieces else [Inner(value)]
    return pieces


def _labelled(entries: Iterable[tuple[str, Value]]) -> list[_Piece]:
    pieces: list[_Piece] = []
    for label, value in entries:
        pieces += [f", {label}: " if pieces else f"{label}: ", Inner(value)]
    return pieces


def _display_pieces(value: Value) -> list[_Piece]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, ArrayValue):
        return ["[", *_joined(", ", value.items), "]"]
    if isinstance(value, DictValue):
        entries = [(f'"{key}"', value.entries[key]) for key in canonical_keys(value.entries)]
        return ["{", *_labelled(entries), "}"]
    if isinstance(value, StructValue):
        return [f"{value.name} {{ ", *_labelled(sorted(value.fields.items(), key=lambda pair: pair[0])), " }"]
    if isinstance(value, TaggedValue):
        payload: list[_Piece] = ["(", *_joined(",", value.payload), ")"] if value.payload else []
        return [f"{value.enum}::{value.variant}", *payload]
    if isinstance(value, CollectionValue):
        return [f"{_COLLECTION_NAMES[type(value)]}([", *_joined(", ", value.items), "])"]
    return _result_pieces(value) if isinstance(value, ResultValue) else [_atom_text(value)]


_COLLECTION_NAMES: dict[type, str] = {SetValue: "Set", QueueValue: "Queue", StackValue: "Stack"}


def _result_pieces(value: ResultValue) -> list[_Piece]:
    payload: list[_Piece] = ["(", *_joined(",", value.payload), ")"] if value.payload else []
    return [value.variant, *payload]


def _atom_text(value: Value) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return float_text(value)
    if isinstance(value, bytes):
        return f"<bytes: {len(value)}>"
    if isinstance(value, Handle):
        return value.display_text()
    if isinstance(value, FunctionValue):
        return _function_text(value)
    if isinstance(value, NativeFunction):
        return f"<native function: {value.name}>"
    if isinstance(value, StructDefinition):
        return f"<struct {value.name}>"
    if isinstance(value, EnumDefinition):
        return f"<enum {value.name}>"
    return str(value)


def _function_text(function: FunctionValue) -> str:
    node = function.node
    if node.is_generator:
        return f"<generator function with {len(node.parameters)} params>"
    words = ["async"] if node.is_async else []
    words += ["function"] + ([node.name] if node.name is not None else [])
    return f"<{' '.join(words)}>"


def _debug_pieces(value: Value) -> list[_Piece]:
    if isinstance(value, ArrayValue):
        return ["Array[", *_joined(", ", value.items), "]"]
    if isinstance(value, DictValue):
        return ["Dict{", *_labelled((key, value.entries[key]) for key in canonical_keys(value.entries)), "}"]
    if isinstance(value, TaggedValue):
        numbered = [(str(position), item) for position, item in enumerate(value.payload)]
        return [f"{value.enum}::{value.variant}{{ ", *_labelled(numbered), " }"]
    if isinstance(value, CollectionValue):
        opening, closing = "{}" if isinstance(value, SetValue) else "[]"
        return [f"{_COLLECTION_NAMES[type(value)]}{opening}", *_joined(", ", value.items), closing]
    return _result_pieces(value) if isinstance(value, ResultValue) else [_debug_atom(value)]


def _debug_atom(value: Value) -> str:
    if value is None:
        return "Null"
    if isinstance(value, bool):
        return f"Bool({_atom_text(value)})"
    if isinstance(value, int):
        return f"Int({value})"
    if isinstance(value, float):
        return f"Float({float_text(value)})"
    if isinstance(value, str):
        return f'String("{value}")'
    if isinstance(value, Handle):
        return value.debug_text()
    if isinstance(value, bytes):
        return f"Bytes({len(value)} bytes)"
    if isinstance(value, FunctionValue):
        return "AsyncFunction" if value.node.is_async and not value.node.is_generator else "Function"
    if isinstance(value, NativeFunction):
        return f"NativeFunction({value.name})"
    if isinstance(value, StructValue):
        return f"Struct({value.name})"
    if isinstance(value, StructDefinition):
        return f"StructDef({value.name})"
    return f"EnumDef({value.name})" if isinstance(value, EnumDefinition) else _atom_text(value)
