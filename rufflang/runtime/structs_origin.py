"""Which struct definitions of two VMs are the same one.

A definition that crosses from one VM to another is copied like everything else, but it should be copied once:
the copies of a thousand instances are instances of one struct, and an instance that comes back is
again one of the struct that its VM started with.  So a definition that crosses gets an origin,
unique in the process: the number of the VM that made it, and its own number there.
"""

from __future__ import annotations

from rufflang.lowpy import cast, function, i64, is_null, null, word
from rufflang.runtime.dicts import dict_set, new_dict
from rufflang.runtime.dicts_finding import dict_get
from rufflang.runtime.objects import StructDefinition
from rufflang.runtime.values import INT, STRUCT_DEFINITION, UNBOUND, Value
from rufflang.runtime.vm import VM


@function
def origin_of(vm: VM, definition: StructDefinition) -> i64:
    """The definition's origin; from now on instances from other VMs find the definition by it."""
    if definition.origin == 0:
        note_origin(vm, definition, vm.identity << 32 | definition.number)
    return definition.origin


@function
def note_origin(vm: VM, definition: StructDefinition, origin: i64) -> None:
    """Remembers where a definition came from."""
    definition.origin = origin
    if is_null(vm.exchanged):
        vm.exchanged = new_dict(vm, 8)
    dict_set(vm, vm.exchanged, Value(INT, origin), Value(STRUCT_DEFINITION, word(definition)))


@function
def definition_of_origin(vm: VM, origin: i64) -> StructDefinition:
    """This VM's own copy of a definition, or null."""
    if is_null(vm.exchanged):
        return null(StructDefinition)
    known = dict_get(vm.exchanged, Value(INT, origin))
    return null(StructDefinition) if known.tag == UNBOUND else cast(StructDefinition, known.payload)
