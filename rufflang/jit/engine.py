"""What code one VM has: installs what an earlier run has kept, or what was made for this one.

Nothing that compiles is imported before something has to be compiled.
"""

from __future__ import annotations

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
    from rufflang.jit.hot import Result, StructFacts
    from rufflang.jit.outlines import Outlines


class JitEngine:
    """Everything compiled for one VM.  `say` takes notice of what happens, while debugging."""

    def __init__(
        self,
        library: Library,
        vm: int,
        chunks: Chunks,
        cache: CodeCache | None,
        say: Callable[[str], None] | None,
        counts_work: bool,
        log: CompileLog | None,
    ) -> None:
        self.library = library
        self.chunks = chunks
        self.memory = Memory(library, vm)
        self.direct: dict[int, DirectTarget] = {}
        self.counts_work = counts_work
        self.refused: set[tuple[int, int]] = set()
        self.recompilations: dict[int, int] = {}
        self._cache = cache
        self._say = say
        self._log = log
        self._kept: list[InstalledCode] = []
        self._outlines: Outlines | None = None
        # What stays as it is: to find out takes several reads, and each function's code asks the same of others.
        self._identities: dict[int, bytes] = {}
        self._fixed_globals: dict[tuple[int, int], tuple[int, int | None]] = {}
        self._inner_chunks: dict[tuple[int, int], int] = {}

    # ---------------------------------------------------------------------- requests

    def request(self, number: int, index: int, tags: list[int]) -> HotRequest | None:
        """A request with what is known now; None if there is nothing to be done.

        Must run on the VM's thread once there is compiled code.
        """
        if index == AGAIN_REQUEST:
            from rufflang.jit.once_more import prepare_again

            prepare_again(self, number)
            if self.memory.is_generator(self.chunks.address_of(number)):
                return None
        elif (number, index) in self.refused:
            return None
        proto, identity = self.chunks.address_of(number), self.identity(number)
        assert identity is not None  # It is running.
        failures = self.recompilations.get(number, 0)
        kinds = self.kinds(proto, index)
        return HotRequest(number, index, identity, self.memory.code(proto), kinds, tags, failures)

    def answer_from_cache(self, request: HotRequest) -> bool:
        """Installs kept code for a request, if there is any."""
        if self._cache is None:
            return False
        found = self._cache.find(request, lambda *question: compare(self, request.number, *question))
        if found is None:
            return False
        if isinstance(found, str):
            self.refuse(request, found)
        else:
            self.install(request, found)
        return True

    # ------------------------------------------------------------------------- facts

    def chunk(self, number: int) -> Chunk | None:
        """A chunk by its number; None if it is not loaded."""
        index = self.chunks.index_of(number)
        return self.chunks[index].chunk if index >= 0 else None

    def identity(self, number: int) -> bytes | None:
        """What tells the chunk of that number from all others, in whatever program; None if it is not loaded."""
        known = self._identities.get(number)
        if known is None:
            proto = self.chunks.address_of(number)
            if not proto:
                return None
            known = self._identities[number] = self.memory.identity(proto)
        return known

    def is_refused(self, number: int) -> bool:
        """Whether a function cannot be compiled."""
        return (number, FUNCTION_REQUEST) in self.refused

    def direct_target(self, number: int) -> DirectTarget | None:
        """How a function that is compiled is called."""
        return self.direct.get(number)

    def global_state(self, number: int, constant: int) -> tuple[int, int | None]:
        """What is in the global cell that is a constant of chunk `number`; see `Memory.global_state`."""
        known = self._fixed_globals.get((number, constant))
        if known is None:
            known = self.memory.global_state(self.chunks.address_of(number), constant)
            if known[1] is not None:
                self._fixed_globals[number, constant] = known
        return known

    def inner_chunk(self, number: int, constant: int) -> int:
        """The number of a chunk that is a constant of another."""
        known = self._inner_chunks.get((number, constant))
        if known is None:
            known = self.memory.inner_chunk(self.chunks.address_of(number), constant)
            self._inner_chunks[number, constant] = known
        return known

    def code(self, number: int) -> bytes:
        """A chunk's code as it is now."""
        return self.memory.code(self.chunks.address_of(number))

    def lines(self, number: int) -> list[int] | None:
        """The source line of each word of a chunk's code, where code has to say where it is."""
        return None if self._log is None else self.memory.lines(self.chunks.address_of(number))

    @property
    def outlines(self) -> Outlines:
        """What nothing changes in code."""
        if self._outlines is None:
            from rufflang.jit.outlines import Outlines

            self._outlines = Outlines(self.library, self.memory)
        return self._outlines

    def definition(self, number: int) -> StructFacts | None:
        """What a struct looks like, if that is known."""
        return self.memory.definitions().get(number)

    def kinds(self, proto: int, index: int) -> list[int]:
        """Kinds of values that have been seen: see `HotRequest`."""
        return self.memory.resume_kinds(proto) if index == RESUME_REQUEST else self.memory.parameter_kinds(proto)

    # -------------------------------------------------------------------- installing

    def accept(self, request: HotRequest, result: Result) -> bool:
        """Installs what was made elsewhere and kept, or notes why there is none; False if it cannot be loaded."""
        if isinstance(result, str):
            self.refuse(request, result)
            return True
        code = None if self._cache is None else self._cache.load(request, *result)
        if code is None:
            return False
        self.install(request, code)
        return True

    def install(self, request: HotRequest, code: InstalledCode) -> None:
        """Lets the VM use code that has been loaded."""
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
        self._listen_again(request)
        if self._say is not None:
            from rufflang.jit.telling import about_code

            self._say(about_code(self.chunks, request))

    def refuse(self, request: HotRequest, reason: str) -> None:
        """Notes that there will be no code for a request."""
        self.refused.add((request.number, request.place))
        if self._log is not None:
            self._log.refuse(reason)
        self._listen_again(request)
        if self._say is not None:
            from rufflang.jit.telling import about_refusal

            self._say(about_refusal(self.chunks, request, reason))

    def _listen_again(self, request: HotRequest) -> None:
        """Goes on with code that was asked for once more."""
        if request.index == AGAIN_REQUEST:
            from rufflang.jit.once_more import listen_again

            listen_again(self, request.number)
