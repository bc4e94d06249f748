"""What the report of an uncaught error can learn of the value that the error is about.

Raising only remembers the value (`VM.error_subject`); its names are listed here, once, when nothing
has caught the error.
"""

from __future__ import annotations

from rufflang.lowpy import function, i64
from rufflang.runtime.dicts import as_dict
from rufflang.runtime.dicts_entries import entry_key
from rufflang.runtime.dicts_keys import key_string
from rufflang.runtime.objects import DictObject, StringObject
from rufflang.runtime.strings import as_string
from rufflang.runtime.structs import as_struct, field_at, field_name_at, field_positions
from rufflang.runtime.structs_layout import definition_of
from rufflang.runtime.text_builder import (
    TextBuilder,
    builder_append_byte,
    builder_append_string,
    builder_finish,
    builder_new,
)
from rufflang.runtime.type_names import type_name
from rufflang.runtime.values import DICT, STRUCT, UNBOUND, Value
from rufflang.runtime.vm import VM

MOST_NAMES = 5000


@function
def describe_subject(vm: VM, value: Value) -> StringObject:
    """The name of its type, and its keys, or its fields and methods."""
    if value.tag == UNBOUND:
        return vm.empty_string
    text = builder_new(vm)
    builder_append_string(vm, text, type_name(vm, value))
    if value.tag == DICT:
        _append_keys(vm, text, as_dict(value))
    elif value.tag == STRUCT:
        instance = as_struct(value)
        for position in range(field_positions(vm, instance)):
            if field_at(vm, instance, position).tag != UNBOUND:
                _append_name(vm, text, as_string(field_name_at(vm, instance, position)))
        _append_keys(vm, text, definition_of(vm, instance).method_slots)
    return builder_finish(vm, text)


@function
def _append_keys(vm: VM, text: TextBuilder, table: DictObject) -> None:
    for entry in range(table.used if table.used < MOST_NAMES else i64(MOST_NAMES)):
        key = entry_key(table, entry)
        if key.tag != UNBOUND:
            _append_name(vm, text, key_string(vm, key))


@function
def _append_name(vm: VM, text: TextBuilder, name: StringObject) -> None:
    builder_append_byte(vm, text, 0)
    builder_append_string(vm, text, name)
