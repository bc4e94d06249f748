"""What is known of a function before any call of it is looked at."""

from __future__ import annotations

from dataclasses import dataclass

from rufflang.checker.annotations import annotated_type
from rufflang.checker.types import ANY, FunctionType, Type, limited
from rufflang.syntax import ast
from rufflang.syntax.exports import bare, exported_names


@dataclass(frozen=True, slots=True)
class Signature:
    """The parameters of a function, what a call of it gives, and the least number of arguments.

    Only the annotated parameters at the front are insisted on.
    """

    parameters: tuple[Type, ...]
    least: int
    result: Type

    @property
    def type(self) -> Type:
        """The type of the function as a value."""
        return limited(FunctionType(self.parameters, self.result))


def signature_of(function: ast.Function) -> Signature:
    """The signature that a function is written with."""
    least = 0
    while least < len(function.parameters) and function.parameters[least].annotation is not None:
        least += 1
    # A call of these gives a promise or a generator, whatever the body returns.
    is_plain = not (function.is_async or function.is_generator)
    return Signature(
        tuple(annotated_type(parameter.annotation) for parameter in function.parameters),
        least,
        annotated_type(function.return_type) if is_plain else ANY,
    )


def exported_signatures(module: ast.Program) -> dict[str, Signature | None]:
    """What a module exports: for a function its signature, for anything else None."""
    exports: dict[str, Signature | None] = dict.fromkeys(exported_names(module))
    declared: dict[str, list[ast.Function]] = {}
    for statement in module.statements:
        inner = bare(statement)
        if isinstance(inner, ast.FunctionDeclaration):
            declared.setdefault(str(inner.function.name), []).append(inner.function)
    for name, functions in declared.items():
        if name in exports and len(functions) == 1:
            exports[name] = signature_of(functions[0])
    return exports
