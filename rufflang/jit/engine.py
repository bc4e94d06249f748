"""Answers the VM's requests: code kept from an earlier run is installed at once, other code is made.

Nothing that compiles is imported before something has to be compiled.
"""

from __future__ import annotations

import os
import sys

from rufflang.jit.answers import compare
from rufflang.jit.hot import (
    AGAIN_REQUEST,
    FUNCTION_REQUEST,
    RESUME_REQUEST,
    DirectTarget,
    HotRequest,
    InstalledCode,
)
from rufflang.jit.memory import Memory, write_word

# Type checkers take this for true; importing `typing` to say so would slow down hot programs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from rufflang.bytecode.chunk import Chunk
    from rufflang.interpreter.library import Library
    from rufflang.interpreter.loaded_chunk import Chunks
    from rufflang.jit.code_cache import CodeCache
    from rufflang.jit.compile_log import CompileLog
    from rufflang.jit.hot import Description, Result
    from rufflang.jit.journal import Journal
    from rufflang.jit.local_compiler import LocalCompiler

MAXIMUM_RECOMPILATIONS = 5


class JitEngine:
    """Everything compiled for one VM.  `say` takes notice of what happens, while debugging."""

    def __init__(
        self,
        library: Library,
        vm: int,
        chunks: Chunks,
        cache: CodeCache | None,
        say: Callable[[str], None] | None,
        journal: Journal | None = None,
        counts_work: bool = False,
        log: CompileLog | None = None,
    ) -> None:
        self.chunks = chunks
        self.memory = Memory(library, vm)
        self.direct: dict[int, DirectTarget] = {}
        self._library = library
        self._cache = cache
        self._say = say
        self._journal = journal
        self.counts_work = counts_work
        self._log = log
        self._kept: list[InstalledCode] = []
        self._refused: set[tuple[int, int]] = set()
        self._recompilations: dict[int, int] = {}
        self._compiler: LocalCompiler | None = None

    # ---------------------------------------------------------------------- requests

    def request(self, number: int, index: int, tags: list[int]) -> HotRequest | None:
        """A request with what is known now; None if there is nothing to be done.

        Must run on the VM's thread once there is compiled code.
        """
        if index == AGAIN_REQUEST:
            self._prepare_again(number)
            if self.memory.is_generator(self.chunks.address_of(number)):
                return None
        elif (number, index) in self._refused:
            return None
        memory, proto = self.memory, self.chunks.address_of(number)
        unit, kinds = self.chunks.identity_of(number), self._kinds(proto, index)
        failures = self._recompilations.get(number, 0)
        return HotRequest(number, index, unit, memory.code(proto), kinds, tags, failures, memory.definitions())

    def answer_from_cache(self, request: HotRequest) -> bool:
        """Installs kept code for a request, if there is any."""
        if self._cache is None:
            return False
        found = self._cache.find(request, lambda *question: compare(self, request.number, *question))
        if found is None:
            return False
        if isinstance(found, str):
            self._refuse(request, found)
        else:
            self._install(request, found)
        return True

    # ------------------------------------------------------------------------- facts

    def chunk(self, number: int) -> Chunk | None:
        """A chunk by its number; None if it is not loaded."""
        return self.chunks[number].chunk if number < len(self.chunks) else None

    def identity(self, number: int) -> tuple[str, int] | None:
        """What the chunk of that number is, in whatever order units were loaded; None if it is not loaded."""
        return self.chunks.identity_of(number) if number < len(self.chunks) else None

    def is_refused(self, number: int) -> bool:
        """Whether a function cannot be compiled."""
        return (number, FUNCTION_REQUEST) in self._refused

    def direct_target(self, number: int) -> DirectTarget | None:
        """How a function that is compiled is called."""
        return self.direct.get(number)

    def global_state(self, number: int, constant: int) -> tuple[int, int | None]:
        """What is in the global cell that is a constant of chunk `number`; see `Memory.global_state`."""
        return self.memory.global_state(self.chunks.address_of(number), constant)

    def inner_chunk(self, number: int, constant: int) -> int:
        """The number of a chunk that is a constant of another."""
        return self.memory.inner_chunk(self.chunks.address_of(number), constant)

    def code(self, number: int) -> bytes:
        """A chunk's code as it is now."""
        return self.memory.code(self.chunks.address_of(number))

    def lines(self, number: int) -> list[int] | None:
        """The source line of each word of a chunk's code, where code has to say where it is."""
        return None if self._log is None else self.memory.lines(self.chunks.address_of(number))

    def definition_digest(self, count: int) -> int:
        """What the first `count` structs look like; see `Memory.definition_digest`."""
        return self.memory.definition_digest(count)

    def describe(self, requests: list[HotRequest], known_units: int) -> Description:
        """All this for whoever makes code elsewhere, and knows that many units already.

        What the interpreter has noted since they were made is entered into the requests.
        """
        from rufflang.jit.surroundings import surroundings_of

        states, codes = surroundings_of([request.number for request in requests], self.memory, self.chunks)
        for request in requests:
            self._update(request)
        # Behind everything that may name a struct.
        definitions = self.memory.definitions()
        for request in requests:
            request.definitions = definitions
        refused = [number for number, place in self._refused if place == FUNCTION_REQUEST]
        direct = {number: target.facts for number, target in self.direct.items()}
        units = self.chunks.stored_units(known_units)
        return self.counts_work, units, refused, direct, states, codes, definitions

    def _update(self, request: HotRequest) -> None:
        proto = self.chunks.address_of(request.number)
        request.words = self.memory.code(proto)
        request.kinds = self._kinds(proto, request.index)

    def _kinds(self, proto: int, index: int) -> list[int]:
        """Kinds of values that have been seen: see `HotRequest`."""
        return self.memory.resume_kinds(proto) if index == RESUME_REQUEST else self.memory.parameter_kinds(proto)

    # ----------------------------------------------------------------------- compiling

    def compile(self, request: HotRequest) -> None:
        """Makes code for a request and installs it, or records why there is none."""
        import gc

        # Python's own collector would look through all that the translation makes, and find nothing.
        was_enabled = gc.isenabled()
        gc.disable()
        try:
            if self._log is not None:
                self._log.begin(request)
            self._compile(request)
        finally:
            if self._log is not None:
                self._log.end()
            if was_enabled:
                gc.enable()

    def _compile(self, request: HotRequest) -> None:
        from rufflang.jit.local_compiler import LocalCompiler
        from rufflang.jit.request import CannotCompile, CompilerFault

        if self._compiler is None:
            self._compiler = LocalCompiler(self._library, self, self._cache, self._journal)
        try:
            code = self._compiler.compile(request)
        except CannotCompile as problem:
            if isinstance(problem, CompilerFault):
                self.report_fault(str(problem))
            if self._journal is not None:
                self._journal.refuse(str(problem))
            self._refuse(request, str(problem))
        else:
            self._install(request, code)

    def accept(self, request: HotRequest, result: Result) -> bool:
        """Installs what was made elsewhere and kept, or notes why there is none; False if it cannot be loaded."""
        if isinstance(result, str):
            self._refuse(request, result)
            return True
        code = None if self._cache is None else self._cache.load(request, *result)
        if code is None:
            return False
        self._install(request, code)
        return True

    def reject(self, request: HotRequest, fault: str) -> None:
        """Notes that the JIT failed at a request elsewhere."""
        self.report_fault(fault)
        self._refuse(request, fault)

    def report_fault(self, problem: str) -> None:
        """Mistakes of the JIT are harmless and silent, but not while the project's tests run."""
        if "RUFFLANG_JIT_CHECK" in os.environ:
            print(f"JIT fault: {problem}", file=sys.stderr)

    def keep(self) -> None:
        """Puts what was compiled so far into the cache."""
        if self._compiler is not None:
            self._compiler.keep()

    # -------------------------------------------------------------------- installing

    def _install(self, request: HotRequest, code: InstalledCode) -> None:
        self._kept.append(code)
        memory, number = self.memory, request.number
        proto = self.chunks.address_of(number)
        if request.index == RESUME_REQUEST:
            memory.set_field(proto, "Proto.resume_entry", code.entry)
        elif code.target is None:
            cache = int.from_bytes(request.words[8 * request.index + 8 : 8 * request.index + 16], "little")
            loop = (cache & memory.loop_number) >> 32
            write_word(memory.field(proto, "Proto.loop_entries") + 8 * (loop - 1), code.entry)
            memory.expire_count(proto, request.index)
        else:
            memory.set_field(proto, "Proto.direct_entry", code.direct)
            memory.set_field(proto, "Proto.direct_signature", code.target.signature)
            memory.set_field(proto, "Proto.entry", code.entry)
            self.direct[number] = code.target
        if request.index == AGAIN_REQUEST:
            self._listen_again(request)
        if self._say is None:
            return
        if request.index == RESUME_REQUEST:
            self._say(f"JIT: Successfully compiled generator '{self._name(request)}'")
        elif code.target is None:
            self._say(f"JIT: Successfully compiled hot loop starting at offset {_loop_start(request)}")
        else:
            self._say(f"JIT: Successfully compiled function '{self._name(request)}'")

    def _refuse(self, request: HotRequest, reason: str) -> None:
        self._refused.add((request.number, request.place))
        if self._log is not None:
            self._log.refuse(reason)
        if request.index == AGAIN_REQUEST:
            self._listen_again(request)
        if self._say is None:
            return
        if request.index >= 0:
            self._say(f"JIT: Loop at offset {_loop_start(request)} not compiled, using interpreter: {reason}")
        else:
            self._say(f"JIT: Failed to compile function '{self._name(request)}': {reason}")

    def _name(self, request: HotRequest) -> str:
        return self.chunks[request.number].chunk.name

    # ------------------------------------------------------------------ once more

    def _prepare_again(self, number: int) -> None:
        """Takes the loops of a function out of use, and makes its callers ask before they call it directly."""
        self._recompilations[number] = self._recompilations.get(number, 0) + 1
        memory, proto = self.memory, self.chunks.address_of(number)
        code, entries = memory.field(proto, "Proto.code"), memory.field(proto, "Proto.loop_entries")
        for position, place in enumerate(memory.outline(proto, memory.code(proto)).loops):
            write_word(entries + 8 * position, 0)
            # Counts from zero once more, so that the loop can get hot again.
            write_word(code + 8 * (place + 1), (position + 1) << 32)
        if memory.field(proto, "Proto.entry") != 0:
            memory.set_field(proto, "Proto.direct_signature", 0)
        if memory.field(proto, "Proto.resume_entry") != 0:
            # The interpreter looks at the kinds of values for a while, and asks once more.
            memory.set_field(proto, "Proto.resume_entry", 0)
            if self._recompilations[number] < MAXIMUM_RECOMPILATIONS:
                memory.set_field(proto, "Proto.resume_count", 0)
                memory.set_field(proto, "Proto.exit_count", 0)

    def _listen_again(self, request: HotRequest) -> None:
        """Lets the VM count failed assumptions from zero, unless that has been done often enough."""
        if self._recompilations[request.number] < MAXIMUM_RECOMPILATIONS:
            self.memory.set_field(self.chunks.address_of(request.number), "Proto.exit_count", 0)


def _loop_start(request: HotRequest) -> int:
    """Where the loop begins whose backward jump is at the request's index."""
    word = int.from_bytes(request.words[8 * request.index : 8 * request.index + 8], "little")
    return request.index - (-(word >> 32) & 0xFFFFFFFF)
