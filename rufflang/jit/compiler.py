"""From a hot function or loop to loaded machine code, and into the cache."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

from rufflang.bytecode.chunk import Chunk
from rufflang.bytecode.opcodes import BY_NAME, OPCODES
from rufflang.interpreter.feedback import CLONES, CLONING, OTHER_KIND
from rufflang.interpreter.native_library import Library
from rufflang.jit.code import Flow, has_been_interpreted, registers_in
from rufflang.jit.code_cache import CodeCache, Conditions
from rufflang.jit.hot import AGAIN_REQUEST, RESUME_REQUEST, DirectTarget, HotRequest, InstalledCode
from rufflang.jit.request import (
    CannotCompile,
    CompileRequest,
    CompilerFault,
    GlobalState,
    Questions,
    single_kind,
)

if TYPE_CHECKING:
    from rufflang.jit.engine import JitEngine
    from rufflang.jit.journal import Journal
    from rufflang.lowpy.module import ModuleText
    from rufflang.runtime.builtins.registry import Entry

FULL_OPTIMISATION_LINES = 6000
PATIENCE = 3
"""After so many failures of a function's code, all of it is compiled."""

_WORD = (1 << 64) - 1
_KINDS = 0xFFFF0000
_CALLEE = 0xFFFFFFFF << 32


def translate(request: CompileRequest) -> ModuleText:
    """The LLVM text of a request.  Raises CannotCompile."""
    from rufflang.jit.translator import Translator
    from rufflang.lowpy.function import LowpyError
    from rufflang.lowpy.module import ModuleText

    module = ModuleText(request.symbol)
    try:
        Translator(request, module).translate()
    except LowpyError as problem:
        raise CompilerFault(f"Translation failed: {problem}") from problem
    return module


class Compiler:
    """Compiles what is hot in one VM; it is the oracle that translations ask about it."""

    def __init__(
        self, library: Library, engine: JitEngine, cache: CodeCache | None, journal: Journal | None
    ) -> None:
        self.codes = CodeCompiler(library, journal)
        self._engine = engine
        self._cache = cache
        self._journal = journal
        self._builtins: list[Entry] | None = None
        self._later: set[int] = set()
        self._objects: list[tuple[str, bytes]] = []

    def compile(self, hot: HotRequest) -> InstalledCode:
        """Native code for a function or loop.  Raises CannotCompile with the reason."""
        request = self.request(hot)
        if self._journal is not None:
            self._journal.begin(request.chunk, hot.cause, request.loop)
        if hot.index == AGAIN_REQUEST:
            self._later.add(hot.number)
        try:
            data, code = self.codes.compile_function(request)
        except CompilerFault:
            raise
        except CannotCompile as refusal:
            self._note(hot, request, str(refusal), None)
            raise
        self._note(hot, request, "", data)
        return code

    def request(self, hot: HotRequest) -> CompileRequest:
        """What is hot, with everything the translation may know about it."""
        engine, number = self._engine, hot.number
        questions = Questions(self, number)
        request = CompileRequest(
            engine.chunks[number].chunk, number, array("Q", hot.words).tolist(), hot.kinds, questions
        )
        request.counts_work = engine.counts_work
        request.trusts_absence = engine.failures(number) < PATIENCE and has_been_interpreted(request.words)
        request.resumes = hot.index == RESUME_REQUEST
        request.lines = self.lines(number)
        if hot.index >= 0:
            request.loop, request.loop_end = _loop_bounds(request.words, hot.index)
            request.frame_tags = hot.tags
        return request

    # ------------------------------------------------------------------------ answers

    def global_state(self, number: int, constant: int) -> GlobalState:
        engine = self._engine
        return GlobalState(*engine.memory.global_state(engine.chunks.address_of(number), constant))

    def inner_chunk(self, number: int, constant: int) -> int:
        return self._engine.memory.inner_chunk(self._engine.chunks.address_of(number), constant)

    def direct_target(self, number: int) -> DirectTarget | None:
        return self._engine.direct.get(number)

    def chunk(self, number: int) -> Chunk | None:
        chunks = self._engine.chunks
        if number >= len(chunks) or self._engine.is_refused(number):
            return None
        return chunks[number].chunk

    def code(self, number: int) -> bytes:
        return self._engine.memory.code(self._engine.chunks.address_of(number))

    def lines(self, number: int) -> list[int] | None:
        engine = self._engine
        return engine.memory.lines(engine.chunks.address_of(number)) if engine.is_profiled else None

    def builtin(self, number: int) -> Entry | None:
        if self._builtins is None:
            from rufflang.runtime.builtins.registry import all_builtins

            self._builtins = all_builtins()
        return self._builtins[number] if number < len(self._builtins) else None

    # ------------------------------------------------------------------------ keeping

    def _note(self, hot: HotRequest, request: CompileRequest, refusal: str, data: bytes | None) -> None:
        """Enters a result into the cache's book; the code itself follows with `keep`."""
        if self._cache is None:
            return
        from hashlib import blake2b

        result: Any = refusal
        if data is not None:
            name = f"{blake2b(data, digest_size=16).hexdigest()}.so"
            target = request.direct if request.is_function else None
            facts = None if target is None else (target.parameters, target.lent, target.name)
            result = (name, request.symbol, facts)
            self._objects.append((name, data))
        conditions = conditions_of(hot, request, self._answers(request.questions))
        self._cache.keep(hot, conditions, is_later=hot.number in self._later, result=result)

    def _answers(self, questions: Questions) -> tuple[tuple[str, int, tuple[object, ...]], ...]:
        """All that a translation was told, as the cache's book has it."""
        identity = self._engine.identity
        answers: list[tuple[str, int, tuple[object, ...]]] = []
        # These come first: what else there is on other chunks counts only if they are the same.
        for number, inlined in questions.inlined.items():
            if inlined is not None:
                words = inlined.words
                keep, soft = _masks(words, 0, len(words))
                kept = int.from_bytes(array("Q", words).tobytes(), "little") & keep
                answers.append(("inlined", number, (identity(number), (keep, soft), kept)))
        for (kind, number), answer in questions.answers.items():
            answers.append((kind, number, (identity(number), *answer) if kind == "target" else answer))
        return tuple(answers)

    def keep(self) -> None:
        """Makes what was compiled loadable for later runs."""
        if self._cache is not None and self._objects:
            objects, self._objects = self._objects, []
            self._cache.link(objects)


def conditions_of(
    hot: HotRequest, request: CompileRequest, answers: tuple[tuple[str, int, tuple[object, ...]], ...]
) -> Conditions:
    """All that the translation of this request depended on."""
    first, end = (0, len(request.words)) if request.loop is None else (request.loop, request.loop_end or 0)
    keep, soft = _masks(request.words, first, end)
    words = int.from_bytes(hot.words[8 * first : 8 * end], "little") & keep
    kinds = tuple(request.parameter_kinds) if request.loop is None else ()
    tags: list[tuple[int, int]] = []
    if request.loop is not None:
        flow = Flow(request.chunk, request.words, request.loop, request.loop_end)
        for register in registers_in(flow.all_blocks[flow.first].live_in):
            kind = single_kind(1 << min(request.frame_tags[register], OTHER_KIND))
            if kind is not None:
                tags.append((register, kind))
    return Conditions(hot.unit, (first, end), (keep, soft), words, kinds, tuple(tags), answers)


def _masks(words: list[int], first: int, end: int) -> tuple[int, int]:
    """Which bits of the code matter at all, and which only say what has been seen so far.

    The kinds of values are such feedback, which function a call has reached, and how often containers
    were cloned: compiled code checks all of that.  The definition number of a struct is not: code relies
    on what its instances look like.
    """
    keep, soft = array("Q"), array("Q")
    pc = first
    while pc < end:
        opcode = OPCODES[words[pc] & 0xFFFF]
        count = opcode.cache_words
        keep.append(_WORD)
        soft.append(0)
        keep.extend([0 if opcode.name == "LOOP" else _WORD] * count)
        soft.extend([0] * count)
        if count and opcode.name != "LOOP":
            soft[-1] = _KINDS | (_CALLEE if opcode.name == "CALL" else 0)
            if opcode.name in CLONING:
                soft[-count] |= CLONES
        pc += 1 + count
    return int.from_bytes(keep.tobytes(), "little"), int.from_bytes(soft.tobytes(), "little")


def _loop_bounds(words: list[int], index: int) -> tuple[int, int]:
    """Where the loop whose backward jump is at `index` begins, and where it is over."""
    distance = words[index] >> 32
    return index - (-distance & 0xFFFFFFFF), index + 1 + BY_NAME["LOOP"].cache_words


class CodeCompiler:
    """Compiles modules for this processor with LLVM, and loads them next to the VM's library."""

    def __init__(self, library: Library, journal: Journal | None = None) -> None:
        self._library = library
        self._journal = journal
        self._machine: Any = None
        self._engine: Any = None
        self._count = 0

    def compile_function(self, request: CompileRequest) -> tuple[bytes, InstalledCode]:
        """The object file of a function or loop, and its code in this process.  Raises CannotCompile."""
        from rufflang.lowpy.build import optimise

        module = translate(request)
        text = module.render()
        level = 2 if text.count("\n") < FULL_OPTIMISATION_LINES else 1
        self._start()
        try:
            optimised = optimise(text, self._machine, level)
            if self._journal is not None:
                self._journal.keep(request, text, optimised, self._machine)
            data = bytes(self._machine.emit_object(optimised))
            return data, self._load(module, data, request)
        except RuntimeError as problem:
            raise CompilerFault(f"LLVM: {str(problem).strip()}") from problem

    def _start(self) -> None:
        if self._machine is None:
            import llvmlite.binding as llvm

            from rufflang.lowpy.build import target_machine

            self._machine = target_machine(2)
            self._engine = llvm.create_lljit_compiler(use_jit_link=True)

    def _load(self, module: ModuleText, data: bytes, request: CompileRequest) -> InstalledCode:
        import llvmlite.binding as llvm

        builder = llvm.JITLibraryBuilder().add_object_img(data).add_current_process()
        for symbol, function in module.used.items():
            if not function.is_external:
                builder.import_symbol(symbol, self._library.address(symbol))
        for symbol in module.imports:
            builder.import_symbol(symbol, self._library.address(symbol))
        direct = f"{request.symbol}.direct"
        builder.export_symbol(request.symbol)
        if request.is_function:
            builder.export_symbol(direct)
        self._count += 1
        tracker = builder.link(self._engine, f"code{self._count}")
        if not request.is_function:
            return InstalledCode(int(tracker[request.symbol]), 0, None, tracker)
        return InstalledCode(int(tracker[request.symbol]), int(tracker[direct]), request.direct, tracker)
