"""Import statements: loading a module is one instruction, binding its exports is ordinary code."""

from __future__ import annotations

from collections.abc import Sequence

from rufflang.bytecode.compiler_control import ControlCompiler
from rufflang.bytecode.encoding import Label
from rufflang.bytecode.scopes import Binding, Declaration
from rufflang.syntax import ast
from rufflang.syntax.spans import Span


class ImportCompiler(ControlCompiler):
    """Compiles `import`."""

    def import_statement(self, node: ast.Import) -> None:
        """`from m import a, b`, or `import m`, which at the top level has no bindings of its own."""
        namespace = self.temporary()
        self.emit_wide(node.span, "IMPORT", namespace, self.constant(node.module, node.span))
        bindings = self.resolution.bindings.get(id(node))
        if bindings is None:
            self.emit(node.span, "BIND_EXPORTS", namespace, self.constant(node.module, node.span))
        elif node.names is not None:
            self._bind_listed(node, node.names, bindings, namespace)
        else:
            self._bind_all(node.span, bindings, namespace)

    def _bind_listed(
        self, node: ast.Import, names: Sequence[str], bindings: Sequence[Binding], namespace: int
    ) -> None:
        end = Label()
        missing = [(name, Label()) for name in names]
        for name, label in missing:
            self.jump(node.span, "JUMP_IF_NO_FIELD", label, namespace, self.constant(name, node.span))
        for name, binding in zip(names, bindings, strict=True):
            self._bind_export(node.span, name, binding, namespace)
        self.jump(node.span, "JUMP", end)
        for name, label in missing:
            self.place(label)
            self.raise_error(node.span, f"Symbol '{name}' not found in module '{node.module}'")
        self.place(end)

    def _bind_all(self, span: Span, bindings: Sequence[Binding], namespace: int) -> None:
        """Binds the module's own name, and then whatever else of these the module exports."""
        self.emit(span, "SHARE", namespace)
        self.bind(bindings[0], namespace, span)
        for binding in bindings:
            assert isinstance(binding, Declaration)
            absent = Label()
            name = binding.variable.name
            self.jump(span, "JUMP_IF_NO_FIELD", absent, namespace, self.constant(name, span))
            self._bind_export(span, name, binding, namespace)
            self.place(absent)

    def _bind_export(self, span: Span, name: str, binding: Binding, namespace: int) -> None:
        value = self.temporary()
        self.emit(span, "GET_FIELD", value, namespace, self.constant(name, span))
        self.emit(span, "SHARE", value)
        self.bind(binding, value, span)
        self.top = value
