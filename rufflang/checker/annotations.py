"""What the annotations of a program mean as types."""

from __future__ import annotations

from rufflang.checker.types import ANY, BOOL, FLOAT, INT, STRING, Array, Dict, Option, Result, Type, limited
from rufflang.syntax.ast import TypeExpression

_SIMPLE: dict[str, Type] = {"int": INT, "float": FLOAT, "string": STRING, "bool": BOOL}


def annotated_type(annotation: TypeExpression | None) -> Type:
    """The type that an annotation stands for: `ANY` for a missing one and for every unknown name."""
    if annotation is None:
        return ANY
    found = limited(_named_type(annotation))
    for suffix in annotation.suffixes:
        # What may also be null is not told apart from what is unknown.
        found = limited(Array(found)) if suffix == "[]" else ANY
    return found


def _named_type(annotation: TypeExpression) -> Type:
    parts = [annotated_type(argument) for argument in annotation.arguments]
    match annotation.name, parts:
        case "Array", [] | [_]:
            return Array(parts[0] if parts else ANY)
        case "Dict", []:
            return Dict(ANY, ANY)
        case "Dict", [key, value]:
            return Dict(key, value)
        case "Result", [ok, err]:
            return Result(ok, err)
        case "Option", [inner]:
            return Option(inner)
    return _SIMPLE.get(annotation.name, ANY)
