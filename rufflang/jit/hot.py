"""What the VM asks code for, and how compiled functions are called: the words in which the JIT's parts talk.

Everything here is cheap to import, because a program whose code is kept from an earlier run
needs nothing else of the JIT.
"""

from __future__ import annotations

# Type checkers take this for true; importing `typing` to say so would slow down hot programs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Target = tuple[tuple[int | None, ...], int, str, int]
    """How code is called directly: see `DirectTarget`."""

    # A library's name, the symbol of the entry, and how the code is called directly; or why there is no code.
    Result = tuple[str, str, Target | None] | str

    # Of a struct: its name and those of its fields and methods, in some form; and the numbers of its methods.
    StructFacts = tuple[bytes, tuple[int, ...]]

    # The number and identity of each chunk of a unit, and its stored form.
    Described = tuple[list[tuple[int, bytes]], bytes]

    # Whether code pays with fuel, units not described before, functions that cannot be compiled, functions that
    # can be called directly, what the globals hold that may be asked for, the code of small functions, and what
    # structs look like, by their numbers.
    Description = tuple[
        bool, list[Described], list[int], dict[int, Target], dict[tuple[int, int], tuple[int, int | None]],
        dict[int, bytes], dict[int, StructFacts],
    ]  # fmt: skip

FUNCTION_REQUEST = -1
AGAIN_REQUEST = -2
RESUME_REQUEST = -3
"""What stands in a request instead of the place of a loop: see `HotRequest.index`."""

FOR_THIS_RUN = "quick-"
"""With this begins the name of a library that no other run will look for; whoever loads it deletes it."""

HOT_FUNCTION = "function"
HOT_LOOP = "loop"
HOT_GENERATOR = "generator"
AGAIN = "again"
"""Why code is made: a threshold was met, or assumptions failed too often."""


class HotRequest:
    """A request of the VM, with what is known at that moment.

    `index` is where the loop's backward jump is, or -1 for a function, -2 for a function whose
    code made wrong assumptions, -3 for the body of a generator.  `identity` tells the chunk from all
    others.  `words` is the code of the chunk,
    feedback included; `kinds` has a bit set for each parameter, or for each register of a generator;
    `tags` is the tag of each register of the frame, for a loop.  `failures` says how often the code
    of this function was given up because its assumptions had failed.
    """

    __slots__ = ("failures", "identity", "index", "kinds", "number", "tags", "words")

    def __init__(
        self,
        number: int,
        index: int,
        identity: bytes,
        words: bytes,
        kinds: list[int],
        tags: list[int],
        failures: int = 0,
    ) -> None:
        self.number = number
        self.index = index
        self.identity = identity
        self.words = words
        self.kinds = kinds
        self.tags = tags
        self.failures = failures

    def packed(self) -> tuple[Any, ...]:
        """The arguments that make the same request again."""
        return (
            self.number, self.index, self.identity, self.words, self.kinds, self.tags, self.failures,
        )  # fmt: skip

    @property
    def place(self) -> int:
        """What is to be compiled: -1 for a function, -3 for the body of a generator, else the loop."""
        return FUNCTION_REQUEST if self.index == AGAIN_REQUEST else self.index

    @property
    def loop_start(self) -> int:
        """Where the loop begins whose jump backwards this is about."""
        distance = int.from_bytes(self.words[8 * self.index + 4 : 8 * self.index + 8], "little")
        return self.index - (-distance & 0xFFFFFFFF)

    @property
    def is_function(self) -> bool:
        """Whether it is about a function, entered at its start."""
        return self.place == FUNCTION_REQUEST

    @property
    def cause(self) -> str:
        if self.index == AGAIN_REQUEST:
            return AGAIN
        if self.index == RESUME_REQUEST:
            return HOT_GENERATOR
        return HOT_FUNCTION if self.index == FUNCTION_REQUEST else HOT_LOOP


LARGEST_INLINED = 54
"""Functions of so many instructions may become part of others."""

DEEPEST_INLINED = 4
"""How far they may be so within each other."""

MOST_DISTINCT = 10
"""Up to so many parameters, functions with other kinds of parameters have other signatures."""


class DirectTarget:
    """A function that compiled code can call with typed arguments.

    `parameters` has a tag for each parameter whose kind is fixed, None where any value goes.  `pieces` is the length of
    the array that it returns in pieces, 0 for other functions: see `destructuring`.
    """

    __slots__ = ("lent", "name", "number", "parameters", "pieces")

    def __init__(
        self, number: int, parameters: tuple[int | None, ...], lent: int, name: str, pieces: int = 0
    ) -> None:
        self.number = number
        self.parameters = parameters
        self.lent = lent
        self.name = name
        self.pieces = pieces

    @property
    def facts(self) -> Target:
        """All but the number."""
        return self.parameters, self.lent, self.name, self.pieces

    @property
    def signature(self) -> int:
        """A number that differs for functions with other parameter kinds or results in pieces; never 0."""
        result = 2 if self.pieces else 1
        for tag in self.parameters:
            result = result * 64 + (63 if tag is None else tag)
        return result & ((1 << 62) - 1)


class InstalledCode:
    """Addresses of the entries; `direct` and `target` are missing for a loop.  `owner` keeps the code alive."""

    __slots__ = ("direct", "entry", "owner", "target")

    def __init__(self, entry: int, direct: int, target: DirectTarget | None, owner: object) -> None:
        self.entry = entry
        self.direct = direct
        self.target = target
        self.owner = owner


def place_in_chunk(number: int, constant: int) -> int:
    """One number for a constant of an inlined chunk; larger than any that is for a constant of the chunk itself."""
    return number + 1 << 32 | constant


def split_place(place: int) -> tuple[int | None, int]:
    """The chunk's number and the constant; None for the chunk that is compiled."""
    return (place >> 32) - 1 if place >> 32 else None, place & 0xFFFFFFFF
