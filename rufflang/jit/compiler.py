"""From a hot function or loop to an object file, and the conditions under which its code may be used."""

from __future__ import annotations

import os
from itertools import count
from struct import pack

from rufflang.bytecode.flow import Flow, registers_in
from rufflang.bytecode.opcodes import BY_NAME, OPCODES
from rufflang.interpreter.content_digest import content_digest
from rufflang.interpreter.feedback import (
    ASKED,
    CLONES,
    CLONING,
    KINDS,
    METHOD_ASKED,
    METHOD_NOT_ONLY_ASKED,
    NO_ARRAY,
    NOT_ALL_INSIDE,
    NOT_ONLY_ASKED,
    OUTSIDE,
    STORAGES,
)
from rufflang.interpreter.native_library import place_of
from rufflang.interpreter.native_table import rows_at
from rufflang.interpreter.shape_cache import ENTRIES
from rufflang.interpreter.source_stamp import source_stamp
from rufflang.jit.code import has_been_interpreted, waits_for_calls
from rufflang.jit.code_cache import DEFINITION, Conditions
from rufflang.jit.definitions import expected_definitions
from rufflang.jit.facts import Facts
from rufflang.jit.hot import FOR_THIS_RUN, RESUME_REQUEST, DirectTarget, HotRequest
from rufflang.jit.quickness import takes_long
from rufflang.jit.request import (
    CannotCompile,
    CompileRequest,
    CompilerFault,
    GlobalState,
    Questions,
)
from rufflang.runtime.builtins.registry import builtin_of

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from rufflang.bytecode.chunk import Chunk
    from rufflang.jit.book import Masks
    from rufflang.jit.hot import Result
    from rufflang.jit.journal import Journal
    from rufflang.lowpy.module import ModuleText
    from rufflang.runtime.builtins.registry import Entry, Row

PATIENCE = 3
"""After so many failures of a function's code, all of it is compiled."""

_quick_number = count()
_WORD = (1 << 64) - 1
_ACCESS = STORAGES | NO_ARRAY | OUTSIDE | NOT_ALL_INSIDE
_CALLEE = _FURTHER_PIECES = 0xFFFFFFFF << 32
_SOFT_TOO = {
    "CALL": _CALLEE, "GET_INDEX": _ACCESS, "SET_INDEX": _ACCESS, "FOR_NEXT": _ACCESS | ASKED | NOT_ONLY_ASKED,
    "DESTRUCTURE_ARRAY": _ACCESS | _FURTHER_PIECES,
}  # fmt: skip


def translate(request: CompileRequest) -> ModuleText:
    """The LLVM text of a request.  Raises CannotCompile."""
    from rufflang.jit.generator_body import GeneratorTranslator
    from rufflang.jit.translator import Translator
    from rufflang.lowpy.function import LowpyError
    from rufflang.lowpy.module import ModuleText

    module = ModuleText(request.symbol)
    try:
        (GeneratorTranslator if request.resumes else Translator)(request, module).translate()
    except LowpyError as problem:
        raise CompilerFault(f"Translation failed: {problem}") from problem
    return module


class Made:
    """What came of a request: an object file and how its code is called, or why there is none; and when that holds."""

    __slots__ = ("conditions", "data", "module", "name", "refusal", "request")

    def __init__(
        self, request: CompileRequest, conditions: Conditions, module: ModuleText | None, data: bytes, refusal: str
    ) -> None:
        self.request = request
        self.conditions = conditions
        self.module = module
        self.data = data
        self.refusal = refusal
        self.name = "" if refusal else _library_name(request, data)

    @property
    def result(self) -> Result:
        """What to enter into the book."""
        if self.refusal:
            return self.refusal
        target = self.request.direct.facts if self.request.is_function else None
        return self.name, self.request.symbol, target


def _library_name(request: CompileRequest, data: bytes) -> str:
    """The name of a library with this code; whoever loads quick code deletes it, so nobody else may have its name."""
    if request.is_quick:
        return f"{FOR_THIS_RUN}{os.getpid()}-{next(_quick_number)}.so"
    return f"{content_digest(data).hex()}.so"


class Compiler:
    """Makes code for what is hot in one VM, wherever that is; it is the oracle that translations ask about it."""

    def __init__(self, facts: Facts, journal: Journal | None = None) -> None:
        self._codes = CodeCompiler(journal)
        self._facts = facts
        self._journal = journal
        self._rows: list[Row] | None = None
        self._builtins: dict[int, Entry] = {}

    def make(self, hot: HotRequest, may_be_quick: bool = False) -> Made:
        """Native code for a function or loop, or the reason why there is none.  Raises CompilerFault.

        Where good code takes long to make, and it may be quick, it is quick code: see `quickness`.
        """
        request = self.request(hot)
        request.is_quick = may_be_quick and takes_long(request)
        if self._journal is not None:
            self._journal.begin(request.chunk, hot.cause, request.loop)
        try:
            module, data = self._codes.compile_function(request)
        except CompilerFault:
            raise
        except CannotCompile as refusal:
            return Made(request, self._conditions(hot, request), None, b"", str(refusal))
        return Made(request, self._conditions(hot, request), module, data, "")

    def request(self, hot: HotRequest) -> CompileRequest:
        """What is hot, with everything the translation may know about it."""
        facts, number = self._facts, hot.number
        chunk = facts.chunk(number)
        if chunk is None:
            raise CompilerFault(f"there is no function with the number {number}")
        words = memoryview(hot.words).cast("Q").tolist()
        request = CompileRequest(chunk, number, words, hot.kinds, Questions(self, number))
        request.counts_work = self.counts_work
        request.trusts_absence = hot.failures < PATIENCE and has_been_interpreted(request.words)
        request.takes_apart = hot.failures == 0
        request.is_early = request.trusts_absence and waits_for_calls(request.words)
        request.resumes = hot.index == RESUME_REQUEST
        request.lines = self.lines(number)
        if hot.index >= 0:
            request.loop, request.loop_end = hot.loop_start, hot.index + 1 + BY_NAME["LOOP"].cache_words
            request.frame_tags = hot.tags
        return request

    # ------------------------------------------------------------------------ answers

    @property
    def counts_work(self) -> bool:
        return self._facts.counts_work

    def global_state(self, number: int, constant: int) -> GlobalState:
        return GlobalState(*self._facts.global_state(number, constant))

    def inner_chunk(self, number: int, constant: int) -> int:
        return self._facts.inner_chunk(number, constant)

    def direct_target(self, number: int) -> DirectTarget | None:
        return self._facts.direct_target(number)

    def chunk(self, number: int) -> Chunk | None:
        return None if self._facts.is_refused(number) else self._facts.chunk(number)

    def code(self, number: int) -> bytes | None:
        return self._facts.code(number)

    def lines(self, number: int) -> list[int] | None:
        return self._facts.lines(number)

    def builtin(self, number: int) -> Entry | None:
        if self._rows is None:
            self._rows = rows_at(place_of(source_stamp()))
        if number not in self._builtins and number < len(self._rows):
            self._builtins[number] = builtin_of(self._rows[number])
        return self._builtins.get(number)

    def _conditions(self, hot: HotRequest, request: CompileRequest) -> Conditions:
        """All that a translation was told, as the cache's book has it."""
        identity, questions = self._facts.identity, request.questions
        answers: list[tuple[str, int, tuple[object, ...]]] = []
        # These come first: what else there is on other chunks counts only if they are the same.
        for number, inlined in questions.inlined.items():
            if inlined is not None:
                words = inlined.words
                masks = _masks(words, 0, len(words))
                kept = _as_number(words) & masks[0]
                structs = expected_definitions(self._facts, words)
                answers.append(("inlined", number, (identity(number), masks, kept, structs)))
        for (kind, number), answer in questions.answers.items():
            answers.append((kind, number, (identity(number), *answer) if kind == "target" else answer))
        for number, *expected in expected_definitions(self._facts, request.words[request.loop : request.loop_end]):
            answers.append((DEFINITION, number, tuple(expected)))
        return conditions_of(hot, request, tuple(answers))


def conditions_of(
    hot: HotRequest, request: CompileRequest, answers: tuple[tuple[str, int, tuple[object, ...]], ...]
) -> Conditions:
    """All that the translation of this request depended on."""
    first, end = (0, len(request.words)) if request.loop is None else (request.loop, request.loop_end or 0)
    masks = _masks(request.words, first, end)
    words = int.from_bytes(hot.words[8 * first : 8 * end], "little") & masks[0]
    kinds = tuple(request.parameter_kinds) if request.loop is None else ()
    tags: list[tuple[int, int]] = []
    if request.loop is not None:
        flow = Flow(request.chunk, request.words, request.loop, request.loop_end)
        for register in registers_in(flow.all_blocks[flow.first].live_in):
            kind = request.entering_kind(register)
            if kind is not None:
                tags.append((register, kind))
    return Conditions(hot.identity, (first, end), masks, words, kinds, tuple(tags), answers)


def _masks(words: list[int], first: int, end: int) -> Masks:
    """Which bits of the code matter at all, which only say what has been seen so far, and which are about structs.

    The kinds of values are such feedback, how arrays are stored, which function a call has reached, and how
    often containers were cloned: compiled code checks all of that.  The definition number of a struct is more:
    code relies on what its instances look like.
    """
    keep: list[int] = []
    soft: list[int] = []
    structs: list[int] = []
    pc = first
    while pc < end:
        opcode = OPCODES[words[pc] & 0xFFFF]
        count = opcode.cache_words
        keep.append(_WORD)
        soft.append(0)
        structs.append(0)
        keep.extend([0 if opcode.name == "LOOP" else _WORD] * count)
        soft.extend([0] * count)
        structs.extend(ENTRIES.get(opcode.name, [0] * count))
        if count and opcode.name != "LOOP":
            soft[-1] = KINDS | _SOFT_TOO.get(opcode.name, 0)
            if opcode.name in CLONING:
                soft[-count] |= CLONES
            elif opcode.name == "CALL_METHOD":
                soft[-count] |= METHOD_ASKED | METHOD_NOT_ONLY_ASKED
        pc += 1 + count
    return _as_number(keep), _as_number(soft), _as_number(structs)


def _as_number(words: list[int]) -> int:
    """All these words as one."""
    return int.from_bytes(pack(f"<{len(words)}Q", *words), "little")


class CodeCompiler:
    """Compiles modules for this processor with LLVM."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal
        self._machine: Any = None

    def compile_function(self, request: CompileRequest) -> tuple[ModuleText, bytes]:
        """The text of a function or loop, and its object file.  Raises CannotCompile."""
        from rufflang.lowpy.build import optimise, target_machine

        module = translate(request)
        text = module.render()
        level = 1 if request.is_quick else 2
        try:
            if self._machine is None:
                self._machine = target_machine(2)
            optimised = optimise(text, self._machine, level)
            if self._journal is not None:
                self._journal.keep(request, text, optimised, self._machine)
            return module, bytes(self._machine.emit_object(optimised))
        except RuntimeError as problem:
            raise CompilerFault(f"LLVM: {str(problem).strip()}") from problem
