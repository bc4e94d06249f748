"""From lowpy functions to machine code: text, LLVM, object, and a loaded library.

`compile_object` makes an object file of a set of functions; `loaded` objects are reached
through LLVM's ORC, or, once linked into a shared library, without llvmlite at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from rufflang.lowpy.emitter import Emitter
from rufflang.lowpy.function import LowFunction
from rufflang.lowpy.module import ModuleText


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


def target_machine(level: int = 2) -> Any:
    """An LLVM target machine for this processor."""
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    llvm.initialize_native_asmparser()
    target = llvm.Target.from_default_triple()
    return target.create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=llvm.get_host_cpu_features().flatten(),
        opt=level,
        reloc="pic",
        codemodel="small",
    )


def optimise(text: str, machine: Any, level: int = 2) -> Any:
    """Parses, verifies and optimises a module.  Raises RuntimeError with LLVM's message."""
    import llvmlite.binding as llvm

    # Without a layout LLVM takes no integer width for native, and 64-bit words for ill aligned.
    layout = f'target datalayout = "{machine.target_data}"\ntarget triple = "{machine.triple}"\n'
    module = llvm.parse_assembly(layout + text)
    module.verify()
    options = llvm.create_pipeline_tuning_options(speed_level=level)
    options.loop_vectorization = level > 1
    options.slp_vectorization = level > 1
    options.loop_unrolling = level > 1
    builder = llvm.create_pass_builder(machine, options)
    builder.getModulePassManager().run(module, builder)
    return module


def compile_object(text: str, level: int = 2, progress: Callable[[str], None] = lambda _: None) -> bytes:
    """The object file of a module given as LLVM text."""
    machine = target_machine(level)
    progress("optimising")
    module = optimise(text, machine, level)
    progress("generating machine code")
    return bytes(machine.emit_object(module))
