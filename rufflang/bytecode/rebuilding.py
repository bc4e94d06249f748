"""Parameters that a function makes anew: `return State { items: push(state.items, x), count: state.count + 1 }`.

What a function only reads belongs to its caller, who then need not mark it; but a part of it would have to be copied
before it could be changed.  Where a literal has, under the same name or at the same place, what becomes of a part
of a parameter, the function makes a new version of that value, and mostly nobody wants the old one.  The same goes
for a parameter that is taken apart by a pattern where there is a literal at all.  So such a
parameter belongs to the function: a caller who goes on using the value marks it, and any other saves the copy.
"""

from __future__ import annotations

from collections.abc import Iterator

from rufflang.bytecode.chunk import Constant
from rufflang.bytecode.compiler_holding import children
from rufflang.bytecode.last_uses import INDEX, NAME, PIECE, LastUses, Literal, Part
from rufflang.bytecode.scopes import Resolution, Variable
from rufflang.syntax import ast


def rebuilt(last_uses: LastUses, constants: list[Constant], resolution: Resolution) -> set[Variable]:
    """The variables whose parts are made into the same parts of a literal, or that a pattern takes apart beside one.

    This is a guess at what costs less: programs do the same either way.
    """
    by_name: dict[object, list[tuple[Part, Variable]]] = {}
    found: set[Variable] = set()
    for part, variable in last_uses.parts.items():
        kind, key = part.key
        if variable is not None and part.key == PIECE and last_uses.literals:
            found.add(variable)
        elif variable is not None and kind in (INDEX, NAME):
            name: object = constants[key] if kind == NAME else key
            by_name.setdefault(name, []).append((part, variable))
    for literal, start, end in last_uses.literals if by_name else ():
        for name, value in _entries(literal):
            parts = by_name.get(name)
            if parts:
                mentioned = _registers(value, resolution)
                found |= {
                    variable for part, variable in parts if start <= part.place < end or part.element in mentioned
                }
                by_name[name] = [pair for pair in parts if pair[1] not in found]
    return found


def _entries(node: Literal) -> Iterator[tuple[object, ast.Expression]]:
    """Names or positions, and values."""
    if isinstance(node, ast.StructLiteral):
        yield from ((field.name, field.value) for field in node.fields)
    elif isinstance(node, ast.DictLiteral):
        for entry in node.entries:
            if isinstance(entry, ast.DictEntry) and isinstance(entry.key, ast.StringLiteral):
                yield entry.key.value, entry.value
    else:
        for position, element in enumerate(node.elements):
            if isinstance(element, ast.Spread):
                break
            yield position, element


def _registers(value: ast.Expression, resolution: Resolution) -> set[int]:
    """The registers of variables that an expression mentions outside of further literals."""
    registers: set[int] = set()
    work: list[ast.Expression] = [value]
    while work:
        node = work.pop()
        if isinstance(node, ast.Name):
            variable = resolution.lookups[id(node)].only_variable
            if variable is not None and variable.is_register:
                registers.add(variable.register)
        elif not isinstance(node, Literal):
            work += children(node)
    return registers
