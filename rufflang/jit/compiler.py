"""From a compile request to loaded machine code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rufflang.bytecode.chunk import Chunk
from rufflang.interpreter.native_library import Library
from rufflang.jit.journal import Journal
from rufflang.jit.request import CompilerFault, CompileRequest
from rufflang.jit.translator import MAXIMUM_WORDS, Translator
from rufflang.lowpy.build import optimise, target_machine
from rufflang.lowpy.function import LowpyError
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
    module = ModuleText(request.symbol)
    try:
        Translator(request, module).translate()
    except LowpyError as problem:
        raise CompilerFault(f"Translation failed: {problem}") from problem
    return module


class CodeCompiler:
    """Compiles modules for this processor and loads them next to the VM's library."""

    def __init__(self, library: Library, journal: Journal | None = None) -> None:
        import llvmlite.binding as llvm

        self._llvm = llvm
        self._library = library
        self._journal = journal
        self._machine = target_machine(2)
        self._engine = llvm.create_lljit_compiler(use_jit_link=True)
        self._count = 0

    def compile_function(self, request: CompileRequest) -> CompiledCode:
        """Native code for a function or loop.  Raises CannotCompile with the reason."""
        module = translate(request)
        text = module.render()
        level = 2 if text.count("\n") < FULL_OPTIMISATION_LINES else 1
        try:
            optimised = optimise(text, self._machine, level)
            if self._journal is not None:
                self._journal.keep(request, text, optimised, self._machine)
            data = self._machine.emit_object(optimised)
            return self._load(module, bytes(data), request)
        except RuntimeError as problem:
            raise CompilerFault(f"LLVM: {str(problem).strip()}") from problem

    def _load(self, module: ModuleText, data: bytes, request: CompileRequest) -> CompiledCode:
        builder = self._llvm.JITLibraryBuilder().add_object_img(data).add_current_process()
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
