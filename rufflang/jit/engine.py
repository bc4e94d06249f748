"""Compiles and installs: the part of the JIT that is imported only once something is hot."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from rufflang.bytecode.opcodes import BY_NAME
from rufflang.interpreter.loaded_chunk import Chunks, LoadedChunk
from rufflang.interpreter.native_library import Library
from rufflang.jit import memory
from rufflang.jit.code_cache import CachedCode
from rufflang.jit.compiler import CodeCompiler, CompiledCode, can_compile_function
from rufflang.jit.request import (
    AGAIN,
    HOT_FUNCTION,
    HOT_LOOP,
    CannotCompile,
    CompileRequest,
    CompilerFault,
    DirectTarget,
    Questions,
)
from rufflang.runtime.objects import Proto

if TYPE_CHECKING:
    from rufflang.jit.journal import Journal
    from rufflang.runtime.builtins.registry import Entry

RECOMPILE_REQUEST = -2
MAXIMUM_RECOMPILATIONS = 5


class JitEngine:
    """Everything compiled for one VM."""

    def __init__(
        self, library: Library, chunks: Chunks, say: Callable[[str], None], journal: Journal | None = None
    ) -> None:
        self.chunks = chunks
        self.say = say
        self.journal = journal
        self.compiler = CodeCompiler(library, journal)
        self.direct: dict[int, DirectTarget] = {}
        self.kept: list[CompiledCode | CachedCode] = []
        self.refused: dict[tuple[int, int], str] = {}
        self.recompilations: dict[int, int] = {}
        self._builtins: list[Entry] | None = None

    def perform(self, number: int, index: int, words: list[int], frame_tags: list[int]) -> None:
        """Answers a request of the VM: a function (-1), again (-2), or the loop whose jump is at `index`.

        `words` is the chunk's code, feedback included, at the moment of the request.
        """
        if index == RECOMPILE_REQUEST:
            self._recompile(number)
        elif (number, index) in self.refused:
            return
        elif index < 0:
            self.compile_function(number, words)
        else:
            self.compile_loop(number, index, words, frame_tags)

    # --------------------------------------------------------------------- functions

    def compile_function(self, number: int, words: list[int] | None = None, cause: str = HOT_FUNCTION) -> None:
        """Compiles and installs a function, or records why not."""
        loaded = self.chunks[number]
        name = loaded.chunk.name
        if self.journal is not None:
            self.journal.begin(loaded.chunk, cause)
        possible, reason = can_compile_function(loaded.chunk)
        if possible:
            try:
                self._install(self.function_request(number, words))
                self.say(f"JIT: Successfully compiled function '{name}'")
                return
            except CannotCompile as problem:
                reason = str(problem)
                _report_fault(problem)
        self.refused[number, -1] = reason
        if self.journal is not None:
            self.journal.refuse(reason)
        self.say(f"JIT: Failed to compile function '{name}': {reason}")

    def function_request(self, number: int, words: list[int] | None = None) -> CompileRequest:
        """What is known about a function now; `words` is its code as it was when the request was made."""
        loaded = self.chunks[number]
        proto = loaded.address
        questions = Questions(
            lambda constant: memory.global_state(proto, constant), self.direct.get, self._builtin
        )
        code = words or memory.code_words(proto)
        return CompileRequest(loaded.chunk, number, code, memory.parameter_kinds(proto), questions)

    def _builtin(self, number: int) -> Entry | None:
        if self._builtins is None:
            from rufflang.runtime.builtins.registry import all_builtins

            self._builtins = all_builtins()
        return self._builtins[number] if number < len(self._builtins) else None

    def _install(self, request: CompileRequest) -> None:
        code = self.compiler.compile_function(request)
        self.kept.append(code)
        proto = self.chunks[request.number].address
        target = request.direct
        memory.set_field(proto, Proto, "direct_entry", code.direct)
        memory.set_field(proto, Proto, "direct_signature", target.signature)
        memory.set_field(proto, Proto, "entry", code.entry)
        self.direct[request.number] = target

    def _recompile(self, number: int) -> None:
        """Compiles a function and its loops again, with what the failed speculations have taught."""
        count = self.recompilations[number] = self.recompilations.get(number, 0) + 1
        loaded = self.chunks[number]
        proto = loaded.address
        for position in range(len(loaded.loops)):
            memory.write_word(memory.field(proto, Proto, "loop_entries") + 8 * position, 0)
            self._cool(loaded, position)
        if memory.field(proto, Proto, "entry") != 0:
            memory.set_field(proto, Proto, "direct_signature", 0)
            self.compile_function(number, cause=AGAIN)
        if count < MAXIMUM_RECOMPILATIONS:
            memory.set_field(proto, Proto, "exit_count", 0)

    def _cool(self, loaded: LoadedChunk, position: int) -> None:
        """Lets a loop get hot once more."""
        word = memory.field(loaded.address, Proto, "code") + 8 * (loaded.loops[position] + 1)
        memory.write_word(word, (position + 1) << 32)

    # ------------------------------------------------------------------------- loops

    def compile_loop(self, number: int, index: int, words: list[int], frame_tags: list[int]) -> None:
        """Compiles and installs the loop whose backward jump is at `index`, or records why not."""
        loaded = self.chunks[number]
        request = self.function_request(number, words)
        request.loop, request.loop_end = _loop_bounds(request.words, index)
        request.frame_tags = frame_tags
        if self.journal is not None:
            self.journal.begin(loaded.chunk, HOT_LOOP, request.loop)
        try:
            code = self.compiler.compile_function(request)
        except CannotCompile as problem:
            self.refused[number, index] = str(problem)
            _report_fault(problem)
            if self.journal is not None:
                self.journal.refuse(str(problem))
            self.say(f"JIT: Loop at offset {request.loop} not compiled, using interpreter: {problem}")
            return
        self.kept.append(code)
        position = loaded.loops.index(index)
        memory.write_word(memory.field(loaded.address, Proto, "loop_entries") + 8 * position, code.entry)
        self.say(f"JIT: Successfully compiled hot loop starting at offset {request.loop}")


def _report_fault(problem: CannotCompile) -> None:
    """Mistakes of the JIT are harmless and silent, but not while the project's tests run."""
    if isinstance(problem, CompilerFault) and "RUFFLANG_JIT_CHECK" in os.environ:
        print(f"JIT fault: {problem}", file=sys.stderr)


def _loop_bounds(words: list[int], index: int) -> tuple[int, int]:
    """Where the loop whose backward jump is at `index` begins, and where it is over."""
    distance = words[index] >> 32
    return index + distance - (1 << 32), index + 1 + BY_NAME["LOOP"].cache_words
