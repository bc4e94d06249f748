"""What `import` does; finding and reading modules, and running each only once, is `rufflang.modules`'s part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rufflang.modules import EvaluationFailure, ModuleFailure, ModuleFile, ModuleLoader, checked_module
from rufflang.reference.errors import RuffError
from rufflang.reference.scopes import Scope
from rufflang.reference.values import StructValue, Value, share
from rufflang.syntax import ast
from rufflang.syntax.exports import exported_names
from rufflang.syntax.spans import Source

if TYPE_CHECKING:
    from rufflang.reference.machine import Machine


class Modules:
    """The modules of one machine.  A module's namespace is an ordinary struct of its exports."""

    def __init__(self, machine: Machine, entry: str | None) -> None:
        self._machine = machine
        self._loader: ModuleLoader[StructValue] = ModuleLoader(entry)

    def namespace(self, name: str) -> StructValue:
        """The exports of a module, which is run if it was not before."""
        try:
            return share(self._loader.load(name, self._evaluate))
        except ModuleFailure as failure:
            raise RuffError(failure.message) from None

    def _evaluate(self, file: ModuleFile, source: Source) -> StructValue:
        program = checked_module(file.name, source)
        scope = Scope(None, source)
        try:
            self._machine.run_file(program, scope)
        except RuffError as error:
            raise EvaluationFailure(error.message) from None
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
