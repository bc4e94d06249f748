"""Compiling in the process that runs the program: with `--jit sync`, and where no other process can do it.

The code is loaded by LLVM's own linker, and made into a library for later runs when there is time.
"""

from __future__ import annotations

from rufflang.interpreter.library import Library
from rufflang.jit.code_cache import CodeCache
from rufflang.jit.code_keeping import CodeKeeper
from rufflang.jit.compiler import Compiler, Made
from rufflang.jit.facts import Facts
from rufflang.jit.hot import HotRequest, InstalledCode
from rufflang.jit.request import CannotCompile, CompilerFault

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from rufflang.jit.journal import Journal


class LocalCompiler:
    """Compiles what is hot in one VM of this process."""

    def __init__(self, library: Library, facts: Facts, cache: CodeCache | None, journal: Journal | None) -> None:
        self._compiler = Compiler(facts, journal)
        self._library = library
        self._keeper = None if cache is None else CodeKeeper(*cache.names, facts.identity)
        self._objects: list[tuple[str, bytes]] = []
        self._engine: Any = None
        self._count = 0

    def compile(self, hot: HotRequest) -> InstalledCode:
        """Loaded code for a function or loop.  Raises CannotCompile with the reason."""
        made = self._compiler.make(hot)
        if self._keeper is not None:
            self._keeper.keep(hot, made.conditions, made.result)
            if made.data:
                self._objects.append((made.name, made.data))
        if made.refusal:
            raise CannotCompile(made.refusal)
        try:
            return self._load(made)
        except RuntimeError as problem:
            raise CompilerFault(f"LLVM: {str(problem).strip()}") from problem

    def keep(self) -> None:
        """Makes what was compiled loadable for later runs."""
        if self._keeper is not None and self._objects:
            objects, self._objects = self._objects, []
            self._keeper.link_later(objects)

    def _load(self, made: Made) -> InstalledCode:
        import llvmlite.binding as llvm

        if self._engine is None:
            self._engine = llvm.create_lljit_compiler(use_jit_link=True)
        request, module = made.request, made.module
        assert module is not None
        builder = llvm.JITLibraryBuilder().add_object_img(made.data).add_current_process()
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
