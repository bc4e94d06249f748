"""The modules of one VM: what its IMPORT instruction calls.

`rufflang.modules` finds and reads them and keeps each from being run twice.  Here they are compiled
(or taken from the store of earlier runs), run on top of the program that imports them, and
their exports collected into a namespace, which the VM keeps and Python knows by its address.
"""

from __future__ import annotations

import ctypes

from rufflang.host.compiled_unit import CompiledUnit, LoadedUnit
from rufflang.host.program_store import restore
from rufflang.modules.failures import EvaluationFailure, ModuleFailure
from rufflang.modules.loader import ModuleLoader
from rufflang.modules.parsing import checked_module, exports_in
from rufflang.modules.search import ModuleFile
from rufflang.syntax.recursion import deep_recursion
from rufflang.syntax.spans import Source

# Type checkers take this for true; importing `typing` to say so would slow down every start.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.bytecode.chunk import Assumptions
    from rufflang.host.machine import Machine
    from rufflang.interpreter.source_stamp import SourceStamp

_ERROR_TAG = 30
_STOP_FAULT = 8


class _ProgramEnds(Exception):
    """An error is in flight in the VM that no program can catch."""


class _PreparedModule:
    """A module's text with the bytecode that an earlier run stored for it, if any, and its exports."""

    __slots__ = ("compiled", "exports", "source")

    def __init__(self, stamp: SourceStamp, file: ModuleFile, source: Source) -> None:
        self.source = source
        self.compiled = restore(stamp, file.path, source.text)
        self.exports = exports_in(source) if self.compiled is None else tuple(self.compiled.exports)


class ImportedModules:
    """Loads modules into a VM."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._loader: ModuleLoader[int] = ModuleLoader(machine.entry, self._evaluate)
        self._prepared: dict[tuple[str, str], _PreparedModule] = {}
        self.fault: BaseException | None = None
        """What went wrong in the host itself; the program was asked to stop then."""

    # ------------------------------------------------------------------- before anything runs

    def exports_of(self, name: str) -> tuple[str, ...] | None:
        """What the module that `name` means here exports; None when it is not to be had."""
        found = self._loader.look_at(name)
        return None if found is None else self._prepare(*found).exports

    def hold(self, assumptions: Assumptions) -> bool:
        """Whether code that was compiled under these assumptions can be used."""
        return all(self.exports_of(name) == exports for name, exports in assumptions.items())

    def _prepare(self, file: ModuleFile, source: Source) -> _PreparedModule:
        known = self._prepared.get(file.key)
        if known is None or known.source.text != source.text:
            known = self._prepared[file.key] = _PreparedModule(self._machine.runtime.stamp, file, source)
        return known

    # ------------------------------------------------------------------- importing

    def load(self, name: str) -> int:
        """The address of a module's namespace, or 0 with an error in flight."""
        functions, vm = self._machine.functions, self._machine.vm
        try:
            # A chain of imports has some Python frames for each module.
            with deep_recursion:
                return self._loader.load(name)
        except _ProgramEnds:
            return 0
        except ModuleFailure as failure:
            message = failure.message
        except BaseException as problem:
            message = f"Failed to load module '{name}'"
            self.fault = problem
            functions.ruff_request_stop(vm, _STOP_FAULT)
        encoded = message.encode("utf-8", "replace")
        functions.ruff_raise(vm, encoded, len(encoded))
        return 0

    def _evaluate(self, file: ModuleFile, source: Source) -> int:
        machine = self._machine
        compiled = self._prepare(file, source).compiled
        if compiled is None or not self.hold(compiled.assumptions):
            compiled = self._compile(file, source)
            machine.fresh_modules.append((file.path, source.text, compiled))
        machine.need_prelude(source)
        loaded = machine.load(compiled, source)
        if machine.functions.ruff_run_nested(machine.vm, loaded.address) == _ERROR_TAG:
            raise self._failure()
        return self._namespace(file, loaded)

    def _compile(self, file: ModuleFile, source: Source) -> CompiledUnit:
        from rufflang.bytecode.compiler import compile_program
        from rufflang.bytecode.errors import CompileError

        program = checked_module(file.name, source)
        try:
            table = self._machine.builtin_table()
            return CompiledUnit.of(compile_program(program, source, table, exports_of=self.exports_of))
        except CompileError as error:
            raise EvaluationFailure(error.message) from None

    def _failure(self) -> Exception:
        """What to raise for the error in flight."""
        functions, vm = self._machine.functions, self._machine.vm
        if functions.ruff_error_kind(vm) != 0:
            return _ProgramEnds()
        return EvaluationFailure(functions.text(functions.ruff_error_message(vm)))

    def _namespace(self, file: ModuleFile, loaded: LoadedUnit) -> int:
        functions, vm = self._machine.functions, self._machine.vm
        exports = loaded.compiled.exports
        for name, constant in exports.items():
            if not functions.ruff_is_bound(loaded.address, constant):
                raise ModuleFailure(f"Exported symbol '{name}' was not defined in module '{file.name}'")
        constants = (ctypes.c_int64 * len(exports))(*exports.values())
        text = file.name.encode()
        address: int = functions.ruff_collect_exports(
            vm, loaded.address, text, len(text), ctypes.addressof(constants), len(exports)
        )
        return address
