"""Which accesses of compiled code can concern the same word of memory.

LLVM keeps a loaded length or data pointer in a machine register only across stores that cannot change it,
and by itself it takes every store for one that can.  So accesses are marked (`!tbaa`) with the class of
words that they belong to: a field of one kind of heap object, a value wherever it lies, or a packed
element.  Words of different classes are different words, as long as their cell is in use.  What
handles cells as such, the allocator, is not marked: its accesses may concern anything.
"""

from __future__ import annotations

from rufflang.lowpy.module import ModuleText
from rufflang.lowpy.types import F64, I64, U8, Pointer, Struct, StructType, Type, record_type, struct_type
from rufflang.runtime.objects import Object
from rufflang.runtime.values import Value
from rufflang.runtime.vm import VM

_VALUE = record_type(Value)
_LAYOUTS = (Object.__module__, VM.__module__)
"""The modules whose structures are known by no other layout, unlike the allocator's."""
_word_classes: dict[tuple[Type, int], str | None] = {}
_ELEMENTS: dict[Type, str] = {_VALUE: "value", I64: "words", F64: "words", U8: "bytes"}


def access_mark(module: ModuleText, base: Type, offset: int) -> str:
    """What to append to a load or store at `offset` from a base of this type; nothing where it may be any word."""
    place = base, offset
    if place not in _word_classes:
        _word_classes[place] = _word_class(base, offset)
    name = _word_classes[place]
    if name is None:
        return ""
    return f", !tbaa {module.memory(name)}"


def _word_class(base: Type, offset: int) -> str | None:
    if isinstance(base, Pointer):
        return _ELEMENTS.get(base.target)
    if isinstance(base, StructType) and base.python_class.__module__ in _LAYOUTS:
        return _field_class(base, offset)
    return None


def _field_class(owner: StructType, offset: int) -> str | None:
    field = next((item for item in reversed(owner.fields.values()) if item.offset <= offset), None)
    if field is None:
        return None
    if field.type is _VALUE and (offset < field.offset + 16 or field.is_inline):
        return "value"
    if field.offset != offset or field.is_inline:
        return None
    return f"{_declaring(owner, field.name)}.{field.name}"


def _declaring(owner: StructType, field: str) -> str:
    """The name of the class that declares a field, which its heirs share."""
    bases = [base for base in owner.python_class.__mro__ if issubclass(base, Struct) and base is not Struct]
    return next(base.__name__ for base in reversed(bases) if field in struct_type(base).fields)
