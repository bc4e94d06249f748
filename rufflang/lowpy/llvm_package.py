"""LLVM through `llvmlite.binding`, as far as machine code is made with it."""

from __future__ import annotations

from typing import Any

import llvmlite.binding as llvm


class PackageMachine:
    """What makes object files for this processor."""

    def __init__(self, level: int) -> None:
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        llvm.initialize_native_asmparser()
        self._machine: Any = llvm.Target.from_default_triple().create_target_machine(
            cpu=llvm.get_host_cpu_name(),
            features=llvm.get_host_cpu_features().flatten(),
            opt=level,
            reloc="pic",
            codemodel="small",
        )
        self.layout = str(self._machine.target_data)
        self.triple = str(self._machine.triple)

    def parse(self, text: str) -> Any:
        """The module with that text, verified.  Raises RuntimeError with LLVM's message."""
        module = llvm.parse_assembly(text)
        module.verify()
        return module

    def optimise(self, module: Any, level: int, *, vectorises: bool) -> None:
        """Optimises a module in place; it may also be told to leave loops and their bodies alone."""
        options = llvm.create_pipeline_tuning_options(speed_level=level)
        options.loop_vectorization = options.slp_vectorization = options.loop_unrolling = vectorises
        builder = llvm.create_pass_builder(self._machine, options)
        builder.getModulePassManager().run(module, builder)

    def emit_object(self, module: Any) -> bytes:
        """The object file of a module, which is not to be used any more.  Raises RuntimeError."""
        return bytes(self._machine.emit_object(module))

    def emit_assembly(self, module: Any) -> str:
        """The same as a text."""
        return str(self._machine.emit_assembly(module))
