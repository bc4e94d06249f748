"""The one list of builtin functions: each is registered once, next to its code.

A native builtin is a lowpy function decorated with `builtin`; a builtin written in Python
is registered with `host_builtin`, which names its implementation as text, so that listing
it imports nothing.  `all_builtins` numbers them.  This module imports neither lowpy nor
the areas until it is asked: a program that has the rows of an earlier `builtin_rows()`
at hand (they are plain data and depend only on this package's source) needs no area at all.
"""

from __future__ import annotations

import os

from rufflang.records import Record

# Type checkers take this for true; importing `typing` to say so would slow down every first run.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Literal, TypeVar

    T = TypeVar("T", bound=Callable[..., Any])
    Arity = Literal["central", "collection", "own"]

ARITY_STYLES: tuple[Arity, ...] = ("central", "collection", "own")
ANY_NUMBER = -1
KEEPS_ALL = tuple(range(64))
CAPABILITIES = (
    "filesystem-read", "filesystem-write", "filesystem-delete", "process-exec", "shell-exec", "env-read",
    "env-write", "network-client", "network-server", "database", "clock", "random",
)  # fmt: skip
"""What a builtin may need permission for; natively a capability is its place in here."""


class Entry(Record):
    """One builtin function.

    `code` is its lowpy function, None for a builtin in Python, whose `implementation` is
    "module:function".  `keeps` lists the arguments that the result or a container may
    keep, or that may be changed in place.  `docstring` begins with the signature.  `parts`, if it is not
    None, gives what `[a, b] := …` would find in the result, which then need not be made (see `parts`).
    """

    name: str
    code: Any
    minimum: int
    maximum: int
    aliases: tuple[str, ...]
    arity: Arity
    keeps: tuple[int, ...]
    capability: str | None
    docstring: str
    area: str
    implementation: str = ""
    parts: Any = None

    @property
    def is_host(self) -> bool:
        """Whether it is written in Python."""
        return self.code is None

    @property
    def lent(self) -> int:
        """A bit for each of the first 64 arguments that is only looked at."""
        return ((1 << 64) - 1) & ~sum(1 << index for index in self.keeps)

    @property
    def doc(self) -> str:
        """The documentation without the indentation that it has in the source."""
        from inspect import cleandoc

        return cleandoc(self.docstring)

    @property
    def signature(self) -> str:
        """The first line of the documentation, such as `len(x: any) -> int`."""
        return self.doc.partition("\n")[0]


class Row(Record):
    """What running a program needs to know about a builtin, as plain data."""

    number: int
    name: str
    aliases: tuple[str, ...]
    minimum: int
    maximum: int
    lent: int
    arity_style: int
    capability: str | None
    symbol: str  # of the native code; "" for a builtin in Python
    implementation: str
    parts_symbol: str  # of the native code that gives its parts; "" if it has none


_native: list[Entry] = []
HOST_BUILTINS: list[Entry] = []
"""Builtins written in Python, in the order of registration."""


def builtin(
    name: str,
    minimum: int = 0,
    maximum: int = ANY_NUMBER,
    *,
    aliases: tuple[str, ...] = (),
    arity: Arity = "own",
    keeps: tuple[int, ...] = (),
    capability: str | None = None,
    parts: Any = None,
) -> Callable[[T], T]:
    """Registers the decorated lowpy function `(vm, arguments, count) -> Value`; `parts` gives `Parts` instead.

    With `arity` "central" or "collection" the caller checks the number of arguments and
    complains in that form; with "own" the function gets any number and checks itself.
    """

    def register(code: T) -> T:
        docstring, area = code.__doc__ or "", code.__module__.rpartition(".")[2]
        _native.append(
            Entry(name, code, minimum, maximum, aliases, arity, keeps, capability, docstring, area, parts=parts)
        )
        return code

    return register


def host_builtin(
    name: str,
    implementation: str,
    doc: str,
    minimum: int = 0,
    maximum: int = ANY_NUMBER,
    *,
    aliases: tuple[str, ...] = (),
    arity: Arity = "own",
    capability: str | None = None,
    area: str = "",
) -> None:
    """Registers a builtin written in Python; `implementation` is "module:function"."""
    HOST_BUILTINS.append(
        Entry(name, None, minimum, maximum, aliases, arity, KEEPS_ALL, capability, doc, area, implementation)
    )


def native_builtins() -> list[Entry]:
    """The native builtins of every area: areas by name, each in source order."""
    # `pkgutil` would have to be imported.
    folder = os.path.dirname(__file__)
    for area in sorted(name.removesuffix(".py") for name in os.listdir(folder) if name.endswith(".py")):
        __import__(f"{__package__}.{area}")
    return sorted(_native, key=lambda entry: entry.area)


def builtin_of(row: Row) -> Entry:
    """The builtin that a row is about; a native one needs only its own area."""
    if not row.symbol:
        return all_builtins()[row.number]
    __import__(f"{__package__}.{row.symbol.partition('.')[0]}")
    return next(entry for entry in _native if entry.code.symbol == row.symbol)


def all_builtins() -> list[Entry]:
    """Every builtin; its place in the list is its number.  Raises ValueError for a name used twice."""
    entries = [*native_builtins(), *HOST_BUILTINS]
    seen: set[str] = set()
    for entry in entries:
        for name in (entry.name, *entry.aliases):
            if name in seen:
                raise ValueError(f"builtin {name} is registered twice")
            seen.add(name)
    return entries


def builtin_rows() -> list[Row]:
    """`all_builtins` as plain data, to be stored next to compiled code."""
    return [
        Row(
            number, entry.name, entry.aliases, entry.minimum, entry.maximum, entry.lent,
            ARITY_STYLES.index(entry.arity), entry.capability, "" if entry.is_host else entry.code.symbol,
            entry.implementation, "" if entry.parts is None else entry.parts.symbol,
        )
        for number, entry in enumerate(all_builtins())
    ]  # fmt: skip


def builtin_numbers(rows: list[Row]) -> dict[str, int]:
    """Every name, aliases included, with the number of its builtin."""
    return {name: row.number for row in rows for name in (row.name, *row.aliases)}
