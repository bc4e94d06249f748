"""What is to be compiled, with everything the translation may know about it."""

from __future__ import annotations

from rufflang.bytecode.chunk import PLAIN, Chunk
from rufflang.jit.code import has_been_interpreted, length_of, needs_a_frame, pieces_returned
from rufflang.jit.hot import DirectTarget, place_in_chunk
from rufflang.records import Record, field
from rufflang.runtime.values import ARRAY, BOOL, DICT, FLOAT, FUNCTION, INT, NULL, QUEUE, STACK, STRING, STRUCT, UNBOUND

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Protocol

    from rufflang.runtime.builtins.registry import Entry
else:
    Protocol = object

SPECULATED = (NULL, BOOL, INT, FLOAT, STRING, ARRAY, DICT, STRUCT, QUEUE, STACK, FUNCTION)
"""Kinds of values worth a guard."""

NUMBERS = 1 << INT | 1 << FLOAT
"""Kinds that are worth a guard together."""

MAXIMUM_WORDS = 6000
"""Longer functions stay interpreted."""

DIRECT_CONVENTION = "preserve_nonecc "
"""How compiled functions call each other: nothing is saved that is not needed."""


class GlobalState(Record):
    """The tag of a global's value now; `function` is the number of a function that it holds for ever."""

    tag: int
    function: int | None = None


class Oracle(Protocol):
    """What is known about the VM: chunks by number, globals by their place among a chunk's constants."""

    @property
    def counts_work(self) -> bool:
        """Whether its code pays for what it does with fuel."""
        ...

    def global_state(self, number: int, constant: int, /) -> GlobalState: ...

    def inner_chunk(self, number: int, constant: int, /) -> int:
        """The number of a chunk that is a constant of another."""
        ...

    def direct_target(self, number: int, /) -> DirectTarget | None: ...

    def builtin(self, number: int, /) -> Entry | None: ...

    def chunk(self, number: int, /) -> Chunk | None:
        """A chunk that has been compiled or may be."""
        ...

    def code(self, number: int, /) -> bytes | None:
        """A chunk's code as it is now, cache words included; None if that is not known."""
        ...

    def lines(self, number: int, /) -> list[int] | None:
        """The source line of each word of a chunk's code, if the run is profiled."""
        ...


class Questions:
    """What the translation of a chunk may ask about the VM besides what is in its request; remembers the answers.

    `whole` is what the function asks that this one is inlined in, if it is.
    """

    def __init__(self, oracle: Oracle, number: int, whole: Questions | None = None) -> None:
        self._oracle = oracle
        self._number = number
        self._whole = self if whole is None else whole
        self.builtin = oracle.builtin
        self.answers: dict[tuple[str, int], tuple[object, ...]] = {} if whole is None else whole.answers
        """By a kind of question and a number; see `CodeCache`."""
        self.inlined: dict[int, CompileRequest | None] = {} if whole is None else whole.inlined
        """The functions that are part of the code, by number, and those that cannot be."""

    def global_state(self, constant: int) -> GlobalState:
        """What is in a global cell, given the index of its constant."""
        state = self._oracle.global_state(self._number, constant)
        self.answers["global", self._key(constant)] = (state.tag, state.function)
        return state

    def _key(self, constant: int) -> int:
        return constant if self._whole is self else place_in_chunk(self._number, constant)

    def inner_chunk(self, constant: int) -> int:
        """The number of a function that is made in this one, given the index of its constant."""
        number = self._oracle.inner_chunk(self._number, constant)
        self.answers["inner", self._key(constant)] = (number,)
        return number

    def direct_target(self, number: int, kinds: tuple[int | None, ...]) -> DirectTarget | None:
        """How to call another function directly with arguments of these kinds.

        A function that is not compiled will probably be so soon, because its callers are, and then
        for the kinds that it is called with, if it looks at them; calls check whether it came out like that.
        """
        target = self._oracle.direct_target(number)
        if target is None:
            chunk = self._oracle.chunk(number)
            if chunk is not None and chunk.parameter_count == len(kinds):
                if chunk.kind != PLAIN:
                    kinds = (None,) * len(kinds)
                target = DirectTarget(number, kinds, chunk.lent, chunk.name, pieces_returned(chunk))
        self.answers["target", number] = () if target is None else target.facts
        return target

    def suspending(self, number: int) -> Chunk | None:
        """The code of a generator or async function; None for other functions."""
        chunk = self._oracle.chunk(number)
        return chunk if chunk is not None and chunk.kind != PLAIN else None

    def request_inlined(self, number: int, longest: int) -> CompileRequest | None:
        """A function to be translated as part of this one; None if it is longer, or needs a frame of its own."""
        if number not in self.inlined:
            chunk = self._oracle.chunk(number)
            request = None
            code = None if chunk is None else self._oracle.code(number)
            if chunk is not None and code and length_of(chunk.code) <= longest and not needs_a_frame(chunk):
                words = memoryview(code).cast("Q").tolist()
                questions = Questions(self._oracle, number, self._whole)
                request = CompileRequest(chunk, number, words, (), questions, is_inlined=True)
                request.counts_work = self._oracle.counts_work
                request.trusts_absence = has_been_interpreted(words)
                request.lines = self._oracle.lines(number)
            self.inlined[number] = request
        return self.inlined[number]


class CompileRequest(Record, frozen=False):
    """One function, or one loop of it (`loop` is the position of its header)."""

    chunk: Chunk
    number: int
    words: list[int]
    parameter_kinds: Sequence[int]
    questions: Questions
    loop: int | None = None
    loop_end: int | None = None
    frame_tags: Sequence[int] = field(factory=list)
    resumes: bool = False
    """Whether it is the body of a generator, entered behind each `YIELD`; `parameter_kinds` are those of registers."""
    counts_work: bool = False
    """Whether the code pays a unit of `VM.fuel` for each jump backwards."""
    trusts_absence: bool = False
    """Whether code that was never executed so far may be left to the interpreter."""
    takes_apart: bool = True
    """Whether containers that come into loops may be expected to be like those at the end of a round."""
    parts: set[str] = field(factory=set)
    """Names of the functions that became part of the code."""
    is_inlined: bool = False
    """Whether it is to become part of another function's code."""
    is_early: bool = False
    """Whether what its calls give is not known yet, so that other code will be made soon."""
    is_quick: bool = False
    """Whether better code will take the place of this: see `quickness`."""
    lines: Sequence[int] | None = None
    """The source line of each code word, in a run that is profiled; see `places`."""
    target: DirectTarget | None = None
    """What `direct` has found."""

    @property
    def symbol(self) -> str:
        """A name for the machine code, of which each library has one."""
        if self.resumes:
            return "ruff.resume"
        return "ruff.function" if self.loop is None else f"ruff.loop{self.loop}"

    def entering_kind(self, register: int) -> int | None:
        """The kind that a register has when the loop is entered, if it is worth a guard; a variable may be unbound."""
        tag = self.frame_tags[register]
        return tag if tag == UNBOUND else worth_a_guard(tag)

    @property
    def is_function(self) -> bool:
        """Whether it is a function, entered at its start."""
        return self.loop is None and not self.resumes and not self.is_inlined

    @property
    def direct(self) -> DirectTarget:
        """This function as a target of direct calls."""
        if self.target is None:
            kinds = tuple(single_kind(bits) for bits in self.parameter_kinds)
            pieces = pieces_returned(self.chunk) if self.is_function else 0
            self.target = DirectTarget(self.number, kinds, self.chunk.lent, self.chunk.name, pieces)
        return self.target


def register_name(number: int) -> str:
    """A register's name in the translation's environments."""
    return f"r{number}"


def single_kind(bits: int) -> int | None:
    """The one kind in a feedback bit set, if it is worth speculating on."""
    for tag in SPECULATED:
        if bits == 1 << tag:
            return tag
    return None


def worth_a_guard(tag: int | None) -> int | None:
    """The kind, if parameters may be fixed to it."""
    return tag if tag in SPECULATED else None


class CannotCompile(Exception):
    """This function stays interpreted; the text says why."""


class CompilerFault(CannotCompile):
    """The JIT itself made a mistake; the function stays interpreted all the same."""
