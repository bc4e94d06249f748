"""Member calls `obj.name(…)`: what the name means for each kind of receiver (`language` 5.8)."""

from __future__ import annotations

from rufflang.lowpy import Raised, cast, function, i64, is_null, literal, literal_size
from rufflang.runtime.dicts_finding import dict_get
from rufflang.runtime.errors import raise_around, raise_text
from rufflang.runtime.fields import raise_no_fields
from rufflang.runtime.objects import DictObject, FunctionObject, StringObject, StructObject
from rufflang.runtime.strings import string_value
from rufflang.runtime.strings_comparing import compare_memory
from rufflang.runtime.structs import field_get, method_slot
from rufflang.runtime.structs_layout import definition_of
from rufflang.runtime.values import ARRAY, CHANNEL, DICT, ERROR, FUNCTION, NATIVE, NULL, STRING, STRUCT, UNBOUND, Value
from rufflang.runtime.vm import VM

STRING_METHODS = 0  # places in `native_tables.METHODS`
ARRAY_METHODS = 1
DICT_METHODS = 2
ITERATOR_METHODS = 3
CHANNEL_METHODS = 4
PROMISE_METHODS = 5


@function(inline=True)
def is_callable(value: Value) -> bool:
    return value.tag == FUNCTION or value.tag == NATIVE


@function(cold=True)
def raise_pipe(vm: VM) -> Raised:
    message = literal("Pipe operator requires a function on the right side")
    return raise_text(vm, message, literal_size("Pipe operator requires a function on the right side"))


@function(cold=True)
def raise_unknown_method(vm: VM, name: StringObject) -> Raised:
    return raise_around(vm, literal("Unknown method: "), literal_size("Unknown method: "), name, literal(""), 0)


@function
def find_member(vm: VM, receiver: Value, name: StringObject) -> Value:
    """The function that `receiver.name(…)` calls, or ERROR."""
    found = _find_member(vm, receiver, name)
    if found.tag == ERROR:
        vm.error_subject = receiver
    return found


@function
def _find_member(vm: VM, receiver: Value, name: StringObject) -> Value:
    if receiver.tag == STRUCT:
        return find_struct_member(vm, cast(StructObject, receiver.payload), name)
    if receiver.tag == DICT:
        entry = dict_get(cast(DictObject, receiver.payload), string_value(name))
        if is_callable(entry):
            return entry
        return find_builtin_method(vm, vm.method_tables[DICT_METHODS], name)
    if receiver.tag == STRING:
        return find_builtin_method(vm, vm.method_tables[STRING_METHODS], name)
    if receiver.tag == ARRAY:
        return find_builtin_method(vm, vm.method_tables[ARRAY_METHODS], name)
    if receiver.tag == NULL:
        return raise_no_fields(vm, receiver, name)
    if receiver.tag == CHANNEL:
        return find_channel_method(vm, name)
    if receiver.tag == NATIVE and is_promise_home(vm, receiver.payload):
        return find_builtin_method(vm, vm.method_tables[PROMISE_METHODS], name)
    return find_iterator_method(vm, name)


@function
def is_promise_home(vm: VM, number: i64) -> bool:
    """Whether a builtin is `Promise`, whose methods are functions that take no receiver."""
    name = vm.builtins[number].name
    return name.byte_count == 7 and compare_memory(name.data, literal("Promise"), 7) == 0


@function
def find_channel_method(vm: VM, name: StringObject) -> Value:
    number = dict_get(vm.method_tables[CHANNEL_METHODS], string_value(name))
    if number.tag == UNBOUND:
        return raise_around(
            vm, literal("Channel has no method '"), literal_size("Channel has no method '"), name, literal("'"), 1
        )
    return Value(NATIVE, number.payload)


@function
def find_struct_member(vm: VM, instance: StructObject, name: StringObject) -> Value:
    slot = method_slot(definition_of(vm, instance), name)
    if slot >= 0:
        return definition_of(vm, instance).methods.items[slot]
    field = field_get(vm, instance, name)
    if field.tag == UNBOUND:
        return find_iterator_method(vm, name)
    return field


@function
def find_builtin_method(vm: VM, table: DictObject, name: StringObject) -> Value:
    """A builtin that may be written as a method of this kind of value."""
    if not is_null(table):
        number = dict_get(table, string_value(name))
        if number.tag != UNBOUND:
            return Value(NATIVE, number.payload)
    return find_iterator_method(vm, name)


@function
def find_iterator_method(vm: VM, name: StringObject) -> Value:
    """A method of iterators, which itself complains about a receiver that is none."""
    number = dict_get(vm.method_tables[ITERATOR_METHODS], string_value(name))
    if number.tag == UNBOUND:
        return raise_unknown_method(vm, name)
    return Value(NATIVE, number.payload)


@function
def member_is_method(vm: VM, receiver: Value, name: StringObject, found: Value) -> bool:
    """Whether the receiver becomes the first argument: not for functions kept in fields and entries."""
    if receiver.tag == STRUCT:
        if found.tag == NATIVE:
            # Not kept in a field, or it would have been found there: a method of iterators.
            return field_get(vm, cast(StructObject, receiver.payload), name).tag == UNBOUND
        return found.tag == FUNCTION and cast(FunctionObject, found.payload).proto.has_receiver != 0
    if receiver.tag == DICT:
        return not is_callable(dict_get(cast(DictObject, receiver.payload), string_value(name)))
    if receiver.tag == NATIVE:
        return dict_get(vm.method_tables[PROMISE_METHODS], string_value(name)).tag == UNBOUND
    return True
