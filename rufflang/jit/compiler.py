"""From a compile request to loaded machine code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rufflang.bytecode.chunk import Chunk
from rufflang.interpreter.native_library import Library
from rufflang.jit.code_cache import CachedCode, CodeCache
from rufflang.jit.request import MAXIMUM_WORDS, CompileRequest, CompilerFault

if TYPE_CHECKING:
    from rufflang.jit.journal import Journal
    from rufflang.lowpy.module import ModuleText

FULL_OPTIMISATION_LINES = 6000


@dataclass(frozen=True, slots=True)
class CompiledCode:
    """Addresses of the entries; `direct` is 0 for a loop.  `tracker` keeps the code alive."""

    entry: int
    direct: int
    tracker: Any


def can_compile_function(chunk: Chunk) -> tuple[bool, str]:
    """Whether the JIT takes a function, and if not, why not."""
    if len(chunk.code) > MAXIMUM_WORDS:
        return False, f"Function '{chunk.name}' is too large to compile ({len(chunk.code)} words)"
    return True, ""


def translate(request: CompileRequest) -> ModuleText:
    """The LLVM text of a request.  Raises CannotCompile."""
    # What the translation needs is much, and not wanted where the cache has the code.
    from rufflang.jit.translator import Translator
    from rufflang.lowpy.function import LowpyError
    from rufflang.lowpy.module import ModuleText

    module = ModuleText(request.symbol)
    try:
        Translator(request, module).translate()
    except LowpyError as problem:
        raise CompilerFault(f"Translation failed: {problem}") from problem
    return module


class CodeCompiler:
    """Compiles modules for this processor and loads them next to the VM's library.

    LLVM is only started when the cache has no code for a request.
    """

    def __init__(self, library: Library, journal: Journal | None = None) -> None:
        self._library = library
        self._journal = journal
        self._cache = CodeCache() if journal is None else None
        self._machine: Any = None
        self._engine: Any = None
        self._count = 0

    def compile_function(self, request: CompileRequest) -> CompiledCode | CachedCode:
        """Native code for a function or loop.  Raises CannotCompile with the reason."""
        cached = self._cache.load(request) if self._cache is not None else None
        return cached or self._compile(request)

    def _compile(self, request: CompileRequest) -> CompiledCode:
        from rufflang.lowpy.build import optimise

        request.questions.answers.clear()
        module = translate(request)
        text = module.render()
        level = 2 if text.count("\n") < FULL_OPTIMISATION_LINES else 1
        self._start()
        try:
            optimised = optimise(text, self._machine, level)
            if self._journal is not None:
                self._journal.keep(request, text, optimised, self._machine)
            data = bytes(self._machine.emit_object(optimised))
            code = self._load(module, data, request)
        except RuntimeError as problem:
            raise CompilerFault(f"LLVM: {str(problem).strip()}") from problem
        if self._cache is not None:
            self._cache.store(request, data)
        return code

    def _start(self) -> None:
        if self._machine is None:
            import llvmlite.binding as llvm

            from rufflang.lowpy.build import target_machine

            self._machine = target_machine(2)
            self._engine = llvm.create_lljit_compiler(use_jit_link=True)

    def _load(self, module: ModuleText, data: bytes, request: CompileRequest) -> CompiledCode:
        import llvmlite.binding as llvm

        builder = llvm.JITLibraryBuilder().add_object_img(data).add_current_process()
        for symbol, function in module.used.items():
            if not function.is_external:
                builder.import_symbol(symbol, self._library.address(symbol))
        for symbol in module.imports:
            builder.import_symbol(symbol, self._library.address(symbol))
        direct = f"{request.symbol}.direct"
        builder.export_symbol(request.symbol)
        if request.loop is None:
            builder.export_symbol(direct)
        self._count += 1
        tracker = builder.link(self._engine, f"code{self._count}")
        return CompiledCode(
            int(tracker[request.symbol]), int(tracker[direct]) if request.loop is None else 0, tracker
        )
