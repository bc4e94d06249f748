"""`base.name`: reading, writing, and reading on the way to a nested place."""

from __future__ import annotations

from rufflang.lowpy import Raised, function, literal, literal_size
from rufflang.runtime.dicts import as_dict, dict_set
from rufflang.runtime.dicts_finding import dict_get
from rufflang.runtime.errors import raise_around, raise_text
from rufflang.runtime.objects import StringObject
from rufflang.runtime.sharing import clone_container, is_shared
from rufflang.runtime.strings import string_value
from rufflang.runtime.structs import as_struct, field_get, field_set
from rufflang.runtime.values import DICT, ERROR, NULL, STRUCT, UNBOUND, Value, null_value
from rufflang.runtime.vm import VM

_NO_FIELDS = "Cannot set field on non-struct value"


@function
def field_get_any(vm: VM, base: Value, name: StringObject) -> Value:
    """`base.name`, borrowed; ERROR when that raises."""
    if base.tag == STRUCT:
        found = field_get(vm, as_struct(base), name)
        if found.tag == UNBOUND:
            return raise_field_not_found(vm, base, name)
        return found
    if base.tag == DICT:
        found = dict_get(as_dict(base), string_value(name))
        return null_value() if found.tag == UNBOUND else found
    return raise_no_fields(vm, base, name)


@function
def field_get_optional(vm: VM, base: Value, name: StringObject) -> Value:
    """`base?.name`, borrowed; ERROR when that raises."""
    if base.tag == NULL:
        return null_value()
    if base.tag == STRUCT:
        found = field_get(vm, as_struct(base), name)
        return null_value() if found.tag == UNBOUND else found
    return field_get_any(vm, base, name)


@function
def field_set_any(vm: VM, base: Value, name: StringObject, value: Value) -> Value:
    """`base.name := value` on an unshared base; gives null, or ERROR."""
    if base.tag == STRUCT:
        field_set(vm, as_struct(base), name, value)
        return null_value()
    if base.tag == DICT:
        dict_set(vm, as_dict(base), string_value(name), value)
        return null_value()
    return raise_text(vm, literal(_NO_FIELDS), literal_size(_NO_FIELDS))


@function
def place_field(vm: VM, base: Value, name: StringObject) -> Value:
    """`base.name` on the way to a place inside it: a shared container there is cloned into the base."""
    child = field_get_any(vm, base, name)
    if not is_shared(child):
        return child
    copy = clone_container(vm, child)
    if copy.tag == ERROR:
        return copy
    stored = field_set_any(vm, base, name, copy)
    return stored if stored.tag == ERROR else copy


@function(cold=True)
def raise_field_not_found(vm: VM, base: Value, name: StringObject) -> Raised:
    """Raises `Field not found: <name>`."""
    before = literal("Field not found: ")
    raise_around(vm, before, literal_size("Field not found: "), name, before, 0)
    vm.error_subject = base
    return Raised()


@function(cold=True)
def raise_no_fields(vm: VM, base: Value, name: StringObject) -> Raised:
    """Raises `Cannot access field or method '<name>' on non-struct value`."""
    before = literal("Cannot access field or method '")
    after = literal("' on non-struct value")
    before_size = literal_size("Cannot access field or method '")
    raise_around(vm, before, before_size, name, after, literal_size("' on non-struct value"))
    vm.error_subject = base
    return Raised()
