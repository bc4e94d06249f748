"""From lowpy functions to machine code: text, LLVM, object, and a loaded library.

`compile_object` makes an object file of a set of functions; `loaded` objects are reached
through LLVM's ORC, or, once linked into a shared library, without llvmlite at all.
"""

from __future__ import annotations

from rufflang.lowpy.emitter import Emitter
from rufflang.lowpy.function import LowFunction
from rufflang.lowpy.module import ModuleText

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from rufflang.lowpy.llvm_library import LibraryMachine
    from rufflang.lowpy.llvm_package import PackageMachine

    Machine = LibraryMachine | PackageMachine


def emit_functions(module: ModuleText, functions: Iterable[LowFunction]) -> None:
    """Writes the functions, and every lowpy function they call, into the module.

    Raises LowpyError if two have the same symbol.
    """
    pending = list(functions)
    for function in pending:
        module.use(function)
    while pending:
        function = pending.pop()
        if function.symbol in module.defined or function.is_external:
            continue
        module.defined.add(function.symbol)
        Emitter(module).function(function)
        pending.extend(item for symbol, item in list(module.used.items()) if symbol not in module.defined)


def target_machine(level: int = 2) -> Machine:
    """What makes machine code for this processor, by LLVM."""
    from rufflang.lowpy.llvm_library import LibraryMachine, library_path

    path = library_path()
    if path is not None:
        return LibraryMachine(path, level)
    from rufflang.lowpy.llvm_package import PackageMachine

    return PackageMachine(level)


def optimise(text: str, machine: Machine, level: int = 2) -> Any:
    """Parses, verifies and optimises a module.  Raises RuntimeError with LLVM's message."""
    # Without a layout LLVM takes no integer width for native, and 64-bit words for ill aligned.
    module = machine.parse(f'target datalayout = "{machine.layout}"\ntarget triple = "{machine.triple}"\n{text}')
    machine.optimise(module, level, vectorises=level > 1)
    return module


def compile_object(text: str, level: int = 2, progress: Callable[[str], None] = lambda _: None) -> bytes:
    """The object file of a module given as LLVM text."""
    machine = target_machine(level)
    progress("optimising")
    module = optimise(text, machine, level)
    progress("generating machine code")
    return machine.emit_object(module)
