"""The modules of one VM: what its IMPORT instruction asks for.

`rufflang.modules` finds and reads them and keeps each from being run twice.  Here they are compiled, or
taken from the store of earlier runs, and loaded into the VM.  It runs the top level itself, so that a
module may wait like any other code, and comes back for the namespace: the exports, collected in a
struct instance, which the VM keeps and Python knows by its address.
"""

from __future__ import annotations

import ctypes

from rufflang.host.callbacks import STOP_FAULT
from rufflang.host.compiled_unit import CompiledUnit, LoadedUnit
from rufflang.host.program_store import restore
from rufflang.modules.failures import EvaluationFailure, ModuleFailure, origin_in
from rufflang.modules.loader import Importer, Loading, ModuleLoader
from rufflang.modules.parsing import checked_module, exports_in
from rufflang.modules.search import ModuleFile
from rufflang.source import Source

# Type checkers take this for true; importing `typing` to say so would slow down every start.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.bytecode.chunk import Assumptions
    from rufflang.host.machine import Machine
    from rufflang.interpreter.source_stamp import SourceStamp

MUST_WAIT = 1
_BEGIN, _ABANDON = 0, 2


class _PreparedModule:
    """A module's text with the bytecode that an earlier run stored for it, if any, and its exports."""

    __slots__ = ("compiled", "exports", "source")

    def __init__(self, stamp: SourceStamp, file: ModuleFile, source: Source) -> None:
        self.source = source
        self.compiled = restore(stamp, file.path, source.text)
        self.exports = exports_in(source) if self.compiled is None else tuple(self.compiled.exports)


class ImportedModules:
    """Loads modules into a VM, in two steps: `begin`, and `finish` when the module has run."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._loader: ModuleLoader[int] = ModuleLoader(machine.entry)
        self._prepared: dict[tuple[str, str], _PreparedModule] = {}
        self._running: dict[int, tuple[Loading, LoadedUnit]] = {}
        self._begun: dict[int, Loading] = {}
        """By the address of the top level, also when it has run: it may have started tasks that go on."""
        self._answer = 0
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

    def answer(self, operation: int, subject: int, detail: int) -> int:
        """Begins or finishes an import, or gives one up, as `runtime.import_ends` says."""
        if operation == _BEGIN:
            return self._begin_by_name(self._machine.functions.text(subject), detail)
        if operation == _ABANDON:
            # A task will never go on: what it was importing counts as never imported.
            self._loader.abandon_those_of(detail)
            return 0
        return self._finish(subject, bool(detail))

    def _begin_by_name(self, name: str, task: int) -> int:
        """The address of the top level that has to run first; 0 if there is nothing to run, or MUST_WAIT."""
        self._answer = 0
        try:
            importer = Importer(task, self._begun.get(self._machine.functions.ruff_importing(task)))
            file = self._loader.find(name, importer)
            known = self._loader.known(file)
            if known is not None:
                self._answer = known
            elif self._loader.has_to_wait(file, importer):
                return MUST_WAIT
            else:
                return self._begin(self._loader.begin(file, importer))
        except Exception as problem:
            self._raise(name, problem)
        return 0

    def abandon_all(self) -> None:
        """No task that was importing will go on."""
        self._loader.abandon_all()

    def _finish(self, top_level: int, failed: bool) -> int:
        """The address of the namespace after the begin gave this top level, which has run; 0: an error is in flight.

        `failed` says that running it has put one in flight.
        """
        if not top_level:
            return self._answer
        loading, unit = self._running.pop(top_level)
        self._loader.abandon(loading)
        name = loading.file.name
        try:
            if failed:
                self._give_up(name)
                return 0
            namespace = self._namespace(name, unit)
            self._loader.finish(loading, namespace)
        except Exception as problem:
            self._raise(name, problem)
            return 0
        return namespace

    def _begin(self, loading: Loading) -> int:
        try:
            unit = self._loaded_unit(loading.file, loading.source)
        except EvaluationFailure as failure:
            self._loader.abandon(loading)
            raise self._loader.failure(loading.file.name, failure) from None
        except BaseException:
            self._loader.abandon(loading)
            raise
        self._running[unit.address] = loading, unit
        self._begun[unit.address] = loading
        return unit.address

    def _loaded_unit(self, file: ModuleFile, source: Source) -> LoadedUnit:
        machine = self._machine
        compiled = self._prepare(file, source).compiled
        if compiled is None or not self.hold(compiled.assumptions):
            compiled = self._compile(file, source)
            machine.fresh_modules.append((file.path, source.text, compiled))
        machine.need_prelude(source)
        return machine.load(compiled, source)

    def _compile(self, file: ModuleFile, source: Source) -> CompiledUnit:
        from rufflang.bytecode.compiler import compile_program
        from rufflang.bytecode.errors import CompileError
        from rufflang.host.packing import packed_unit
        from rufflang.stdlib.builtin_table import builtin_table

        program = checked_module(file.name, source)
        try:
            table = builtin_table(self._machine.runtime.rows)
            return packed_unit(compile_program(program, source, table, exports_of=self.exports_of))
        except CompileError as error:
            raise EvaluationFailure(error.message, origin_in(source, error.span)) from None

    def _namespace(self, name: str, unit: LoadedUnit) -> int:
        functions, vm = self._machine.functions, self._machine.vm
        exports = unit.compiled.exports
        for symbol, constant in exports.items():
            if not functions.ruff_is_bound(unit.address, constant):
                raise ModuleFailure(f"Exported symbol '{symbol}' was not defined in module '{name}'")
        constants = (ctypes.c_int64 * len(exports))(*exports.values())
        text = name.encode()
        address: int = functions.ruff_collect_exports(
            vm, unit.address, text, len(text), ctypes.addressof(constants), len(exports)
        )
        return address

    # ------------------------------------------------------------------- errors

    def _give_up(self, name: str) -> None:
        """Turns the error of a module that did not catch it into the importer's, unless it ends the program."""
        functions, vm = self._machine.functions, self._machine.vm
        if functions.ruff_error_kind(vm) == 0:
            error = self._machine.error()
            raise self._loader.failure(name, EvaluationFailure(error.message, origin_in(error.source, error.span)))

    def origin_of(self, message: str) -> str | None:
        """Where the error is in a module, if an import that failed because of it has this message."""
        return self._loader.origin_of(message)

    def _raise(self, name: str, problem: Exception) -> None:
        """Puts an error in flight; one that is our own fault also ends the program."""
        functions, vm = self._machine.functions, self._machine.vm
        message = problem.message if isinstance(problem, ModuleFailure) else f"Failed to load module '{name}'"
        if not isinstance(problem, ModuleFailure):
            self.fault = problem
            functions.ruff_request_stop(vm, STOP_FAULT)
        encoded = message.encode("utf-8", "replace")
        functions.ruff_raise(vm, encoded, len(encoded))
