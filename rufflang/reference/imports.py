"""What `import` does; finding and reading modules, and running each only once, is `rufflang.modules`'s part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rufflang.modules import (
    EvaluationFailure,
    Importer,
    Loading,
    ModuleFailure,
    ModuleLoader,
    checked_module,
    origin_in,
)
from rufflang.reference.errors import RuffError
from rufflang.reference.promises import PromiseValue, Resolved
from rufflang.reference.scopes import Scope
from rufflang.reference.values import StructValue, Value, share
from rufflang.syntax import ast
from rufflang.syntax.exports import exported_names

if TYPE_CHECKING:
    from rufflang.reference.machine import Machine
    from rufflang.reference.scheduler import Task


class Modules:
    """The modules of one machine.  A module's namespace is an ordinary struct of its exports."""

    def __init__(self, machine: Machine, entry: str | None) -> None:
        self._machine = machine
        self._loader: ModuleLoader[StructValue] = ModuleLoader(entry)
        self._end_of_import = PromiseValue()
        """Settled when some import has ended; then comes the next one."""

    def namespace(self, name: str) -> StructValue:
        """The exports of a module, which is run if it was not before."""
        task = self._machine.scheduler.current
        outer = task.loading
        try:
            return share(self._loader.load(name, self._evaluate, Importer(task, outer), self._wait))
        except ModuleFailure as failure:
            raise RuffError(failure.message) from None
        finally:
            task.loading = outer
            self._tell_of_an_end()

    def origin_of(self, message: str) -> str | None:
        """Where the error is in a module, if an import that failed because of it has this message."""
        return self._loader.origin_of(message)

    def abandon(self, task: Task) -> None:
        """The task was cancelled: what it was importing counts as never imported."""
        self._loader.abandon_those_of(task)
        self._tell_of_an_end()

    def _wait(self) -> None:
        self._machine.scheduler.wait_until_settled(self._end_of_import)

    def _tell_of_an_end(self) -> None:
        ended, self._end_of_import = self._end_of_import, PromiseValue()
        ended.settle(Resolved(None))

    def _evaluate(self, loading: Loading) -> StructValue:
        file = loading.file
        program = checked_module(file.name, loading.source)
        scope = Scope(None, loading.source)
        self._machine.scheduler.current.loading = loading
        try:
            self._machine.run_file(program, scope)
        except RuffError as error:
            raise EvaluationFailure(error.message, origin_in(error.source, error.span)) from None
        exports: dict[str, Value] = {}
        for name in exported_names(program):
            if name not in scope.bindings:
                raise ModuleFailure(f"Exported symbol '{name}' was not defined in module '{file.name}'")
            exports[name] = share(scope.bindings[name].value)
        return StructValue(file.name, None, exports)


def import_module(machine: Machine, node: ast.Import, scope: Scope) -> None:
    """Executes an import statement."""
    namespace = machine.modules.namespace(node.module)
    wanted = namespace.fields if node.names is None else node.names
    for name in wanted:
        if name not in namespace.fields:
            raise RuffError(f"Symbol '{name}' not found in module '{node.module}'")
    for name in wanted:
        scope.define(name, share(namespace.fields[name]))
    if node.names is None and node.module not in namespace.fields:
        scope.define(node.module, namespace)
