"""Writes the tables of builtins, methods, operators and layouts as constants of the compiled runtime."""

from __future__ import annotations

from collections.abc import Sequence

from rufflang.bytecode.chunk import GENERATOR, PLAIN
from rufflang.bytecode.opcodes import BY_NAME, FIXED, OPCODES
from rufflang.interpreter import native_layout
from rufflang.interpreter.control import LOOP_NUMBER
from rufflang.interpreter.overloading import OPERATOR_METHODS, OPERATOR_SIGNS
from rufflang.interpreter.shape_cache import METHOD
from rufflang.lowpy.module import ModuleText
from rufflang.lowpy.types import Struct, struct_type
from rufflang.runtime.builtins.registry import CAPABILITIES, Row, builtin_numbers
from rufflang.runtime.objects import IDENTITY_WORDS, CellObject, FunctionObject, Proto
from rufflang.runtime.structs_numbers import DESCRIPTION_WORDS
from rufflang.runtime.values import FUNCTION
from rufflang.runtime.vm import VM

SYMBOL = "ruff_tables"

_CALLEES = {"CALL": (1, 0), "CALL_METHOD": (1 << METHOD, (1 << METHOD) - 2)}
"""The cache words with functions that were called: see `native_layout`, and `shape_cache` for those of methods."""

METHODS = (
    "len upper lower to_upper to_lower capitalize trim trim_start trim_end char_at substring replace replace_str "
    "starts_with ends_with contains index_of is_empty count_chars split",
    "len is_empty contains skip zip enumerate flatten chunk",
    "len has_key",
    "iterator.map iterator.filter iterator.take iterator.next iterator.collect",
    "channel.send channel.receive",
    "Promise.all",
)
"""Builtins that may be written as methods of strings, arrays and dicts, and the methods of handles.

The host adds those written in Ruff.  Before a dot stands the kind of value that a method belongs to.
"""


def emit_tables(module: ModuleText, rows: Sequence[Row]) -> None:
    """Adds the tables, laid out as `furnishing` declares them, to a module that defines the builtins."""
    numbers = builtin_numbers(list(rows))
    builtins = [_builtin(module, row) for row in rows]
    methods = [
        f"i64 {table}, {_text(module, name.rpartition('.')[2])}, i64 {numbers[name]}"
        for table, names in enumerate(METHODS)
        for name in names.split()
    ]
    operators = [
        f"{_text(module, method)}, {_text(module, sign)}"
        for method, sign in zip(OPERATOR_METHODS, OPERATOR_SIGNS, strict=True)
    ]
    parts: list[str] = []
    for name, kinds, table in (
        ("builtins", "ptr, ptr, ptr, i64, i64, i64, i64, i64, i64", builtins),
        ("methods", "i64, ptr, i64, i64", methods),
        ("operators", "ptr, i64, ptr, i64", operators),
    ):
        items = ", ".join(f"{{{kinds}}} {{{row}}}" for row in table)
        module.add_constant(f".{name}", f"[{len(table)} x {{{kinds}}}]", f"[{items}]", is_private=True)
        parts.append(f"i64 {len(table)}, ptr @.{name}")
    module.add_constant(SYMBOL, "{i64, ptr, i64, ptr, i64, ptr}", f"{{{', '.join(parts)}}}")


def emit_layout(module: ModuleText) -> None:
    """Adds the numbers that `native_layout` names."""
    structures: tuple[type[Struct], ...] = (VM, Proto, CellObject, FunctionObject)
    owners = {structure.__name__: structure for structure in structures}
    numbers = []
    for place in native_layout.PLACES:
        owner, _, field = place.partition(".")
        numbers.append(struct_type(owners[owner]).fields[field].offset)
    constants = {
        "FUNCTION": FUNCTION, "FIXED": FIXED, "PLAIN": PLAIN, "GENERATOR": GENERATOR,
        "OPCODES": len(OPCODES), "LOOP": BY_NAME["LOOP"].number, "LOOP_NUMBER": LOOP_NUMBER,
        "IDENTITY_WORDS": IDENTITY_WORDS, "DESCRIPTION_WORDS": DESCRIPTION_WORDS,
    }  # fmt: skip
    numbers += [constants[name] for name in native_layout.CONSTANTS]
    items = ", ".join(f"i64 {number}" for number in numbers)
    module.add_constant(native_layout.SYMBOL, f"[{len(numbers)} x i64]", f"[{items}]")


def emit_opcodes(module: ModuleText) -> None:
    """Adds the table that `native_layout` describes."""
    rows = []
    for opcode in OPCODES:
        cell = 16 + 16 * opcode.fields.index("g") if "g" in opcode.fields else 0
        chunk = 32 if opcode.name == "MAKE_FUNCTION" else 0
        callees = _CALLEES.get(opcode.name, (0, 0))
        rows += [f"i8 {number}" for number in (opcode.cache_words, cell, chunk, *callees)]
    module.add_constant(native_layout.OPCODE_SYMBOL, f"[{len(rows)} x i8]", f"[{', '.join(rows)}]")


def _text(module: ModuleText, text: str) -> str:
    return f"ptr {module.literal(text)}, i64 {len(text.encode())}"


def _builtin(module: ModuleText, row: Row) -> str:
    code, parts = (f'@"{symbol}"' if symbol else "null" for symbol in (row.symbol, row.parts_symbol))
    lent = row.lent if row.lent < 1 << 63 else row.lent - (1 << 64)
    capability = -1 if row.capability is None else CAPABILITIES.index(row.capability)
    numbers = (row.minimum, row.maximum, lent, row.arity_style, capability)
    return ", ".join([f"ptr {code}, ptr {parts}", _text(module, row.name), *(f"i64 {number}" for number in numbers)])
