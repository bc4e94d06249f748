"""A module in several parts, which are compiled at the same time and linked into one library.

A part has a run of the module's functions, so that those which lie side by side in the module do so in the library
too.  LLVM inlines what it has the body of.  So a function of another part that is short enough goes along
(`available_externally`): its body can become part of others, but no machine code is made of it.  Private constants go
along too; everything else is only declared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from rufflang.lowpy.module import Constant, ModuleText, defined_symbol
from rufflang.records import Record

_LONGEST_COPY = 120
"""Lines of a function that goes along with other parts; LLVM hardly ever inlines one with more."""

_SYMBOL = re.compile(r'@"?([\w.$]+)')


class _Definition(Record):
    """A function or constant: its text in the part it belongs to, and what others that refer to it have of it.

    Such a part has a copy if it is of use there, else a declaration.  The text needs the definitions that it `uses`;
    what it only `names`, as tables do with functions, need only be declared.
    """

    text: str
    copy: str | None
    declaration: str
    uses: Sequence[str]
    names: Sequence[str] = ()


def split(module: ModuleText, count: int) -> list[str]:
    """The text of at most so many parts, which take about the same time to compile."""
    functions = {defined_symbol(text): _function(text) for text in module.functions}
    definitions = {name: _constant(constant, module) for name, constant in module.constants.items()} | functions
    runs = _runs(functions, count)
    runs[0] += [name for name, constant in module.constants.items() if not constant.is_private]
    parts = ["\n".join([*_definitions(definitions, own), *module.declarations(), ""]) for own in runs]
    parts[0] = "\n".join([*module.assembly(), parts[0]])
    return parts


def _function(text: str) -> _Definition:
    header, _, body = text.partition("\n")
    may_be_inlined = text.count("\n") <= _LONGEST_COPY and "noinline" not in header
    copy = text.replace("define ", "define available_externally ", 1) if may_be_inlined else None
    declaration = header.removesuffix(" {").replace("define ", "declare ", 1)
    return _Definition(text, copy, declaration, _SYMBOL.findall(body))


def _constant(constant: Constant, module: ModuleText) -> _Definition:
    copy = constant.text if constant.is_private else None
    symbols = _SYMBOL.findall(constant.value)
    uses = [symbol for symbol in symbols if symbol in module.constants]
    names = [symbol for symbol in symbols if symbol not in module.constants]
    return _Definition(constant.text, copy, f"@{constant.name} = external constant {constant.kind}", uses, names)


def _runs(functions: dict[str, _Definition], count: int) -> list[list[str]]:
    """The symbols of functions in at most so many runs, which have about the same number of lines."""
    runs: list[list[str]] = [[] for _ in range(count)]
    total = sum(function.text.count("\n") for function in functions.values())
    before = 0
    for symbol, function in functions.items():
        lines = function.text.count("\n")
        runs[(2 * before + lines) * count // (2 * total)].append(symbol)
        before += lines
    return [run for run in runs if run] or [[]]


def _definitions(definitions: dict[str, _Definition], own: Iterable[str]) -> Iterator[str]:
    """What a part has of each definition that it needs, in the order of the module."""
    owned, used, named = set(own), set[str](), set[str]()
    pending = list(owned)
    while pending:
        symbol = pending.pop()
        definition = definitions.get(symbol)
        if definition is not None and symbol not in used:
            used.add(symbol)
            if symbol in owned or definition.copy is not None:
                pending.extend(definition.uses)
                named.update(definition.names)
    for symbol, definition in definitions.items():
        if symbol in owned:
            yield definition.text
        elif symbol in used:
            yield definition.copy or definition.declaration
        elif symbol in named:
            yield definition.declaration
