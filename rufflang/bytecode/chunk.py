"""Compiled functions: what the bytecode compiler makes and the engine loads into the VM."""

from __future__ import annotations

from rufflang.records import Record, field
from rufflang.source import Source
from rufflang.syntax.spans import Span

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


class Handler(Record):
    """Errors raised by words `start` (inclusive) to `end` (exclusive) go on at `target`.

    The caught error struct is put into `register` first.  Inner handlers come before
    outer ones in `Chunk.handlers`.
    """

    start: int
    end: int
    target: int
    register: int


class NamesConstant(Record):
    """The names of a dict pattern; `rest` asks for the dict of all other entries."""

    names: tuple[str, ...]
    rest: bool


class StructConstant(Record):
    """A struct declaration: fields in order, which have defaults, and method names.

    The closures for MAKE_STRUCT stand in this order: one for each method, then one
    (without parameters) for each name in `defaults`.
    """

    name: str
    fields: tuple[str, ...]
    defaults: tuple[str, ...]
    methods: tuple[str, ...]


class EnumConstant(Record):
    name: str
    variants: tuple[str, ...]


class LiteralConstant(Record):
    """A struct literal's name and the names of the fields it gives, in written order, each once."""

    name: str
    fields: tuple[str, ...]


PLAIN, GENERATOR, ASYNC = 0, 1, 2
"""What calling a function gives: its result, a generator, or a promise."""


class Chunk(Record, frozen=False):
    """The code of one function.

    `name` is what call stacks and arity messages show (`add`, `<lambda>`, `Point.area`);
    empty for the top level, which does not appear in call stacks.  `parameter_count`
    includes the receiver when `has_receiver`; parameters arrive in registers 0, 1, ….
    `captures[i]` is the register of the *enclosing* function that holds, at
    MAKE_FUNCTION, the cell for this function's capture `i`.  `lent` has a bit for each
    parameter that the function neither writes through, nor returns, nor moves.
    `spans[pc]` locates the instruction whose first word is at `pc`.  `kind` is one of the
    numbers below.  `is_taken_apart` says that the file takes apart at once, in the manner of `[a, b] := f()`, what
    a call gives of some function with this name.
    """

    name: str
    parameter_count: int = 0
    has_receiver: bool = False
    register_count: int = 0
    code: list[int] = field(factory=list)
    constants: list[Constant] = field(factory=list)
    handlers: list[Handler] = field(factory=list)
    spans: list[Span] = field(factory=list)
    captures: list[int] = field(factory=list)
    lent: int = 0
    declared_name: str | None = None
    span: Span | None = None
    kind: int = 0
    is_taken_apart: bool = False


Constant = (
    None | bool | int | float | str | NamesConstant | StructConstant | EnumConstant | LiteralConstant | Chunk
)
Assumptions = dict[str, tuple[str, ...] | None]
"""For each module what it exports; None where that cannot be known before it is imported."""


class Unit(Record, frozen=False):
    """A compiled file: its top-level chunk and the names of its global cells, by index.

    `exports` are those of the globals that importers see.  `assumptions` are what the
    modules imported with `import m` were found to export; other code would be needed if that changed.
    """

    source: Source
    main: Chunk
    global_names: list[str]
    statement_count: int
    exports: tuple[str, ...] = ()
    assumptions: Assumptions = field(factory=dict)


def all_chunks(chunk: Chunk) -> Iterator[Chunk]:
    """A chunk and every chunk inside it, outermost first, in order of their source."""
    yield chunk
    for constant in chunk.constants:
        if isinstance(constant, Chunk):
            yield from all_chunks(constant)
