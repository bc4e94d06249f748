"""Ruff values made from Python ones and read back, and builtins called with them.

`Workshop(vm)` keeps everything it makes alive in an array of its own (root 0), so tests
may hold values as `(tag, payload)` pairs, also while the heap collects at every allocation.
"""

from __future__ import annotations

import ctypes
import math
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from rufflang.lowpy import Ptr, cast, element, function, i64, size_of, u32, word
from rufflang.runtime import (
    arrays,
    arrays_editing,
    destructuring,
    dicts,
    dicts_entries,
    dicts_finding,
    dicts_keys,
    dicts_order,
    display,
    equality,
    fields,
    indexing,
    sharing,
    strings,
    structs,
    truth,
    type_names,
)
from rufflang.runtime.arrays import array_get, array_push, as_array
from rufflang.runtime.builtins import arrays as array_builtins
from rufflang.runtime.builtins import arrays_combining, general
from rufflang.runtime.builtins import dicts as dict_builtins
from rufflang.runtime.builtins import queues as queue_builtins
from rufflang.runtime.builtins import sets as set_builtins
from rufflang.runtime.debug_text import append_debug_text
from rufflang.runtime.display import append_debug
from rufflang.runtime.heap import allocate
from rufflang.runtime.iteration import iteration_next, iteration_start
from rufflang.runtime.objects import BoxObject, StringObject, StructObject, TaggedObject
from rufflang.runtime.strings import as_string
from rufflang.runtime.structs import anonymous_definition, field_set, new_instance
from rufflang.runtime.structs_layout import set_field_value
from rufflang.runtime.text_builder import builder_finish, builder_new
from rufflang.runtime.values import (
    ARRAY,
    BOOL,
    DICT,
    ERROR,
    FLOAT,
    INT,
    NULL,
    OPTION,
    RESULT,
    STRING,
    STRUCT,
    TAGGED,
    Value,
)
from rufflang.runtime.vm import VM
from tests.runtime.vm_fixture import NativeModule, TestVM, text_of

Pair = tuple[int, int]


class RuffFailure(Exception):
    """A native function raised an error with this message."""


@dataclass
class Instance:
    """A struct instance as tests write it."""

    name: str
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass
class Tagged:
    """A tagged value, or (`Ok` `Err` `Some` `None`) a result or option, as tests write it."""

    name: str
    payload: tuple[Any, ...] = ()


_BOXES = {"Ok": (RESULT, 0), "Err": (RESULT, 1), "Some": (OPTION, 2), "None": (OPTION, 3)}


# ---------------------------------------------------------- what tests call natively


@function
def get_element(value: Value, index: i64) -> Value:
    return array_get(as_array(value), index)


@function
def set_element(vm: VM, value: Value, index: i64, item: Value) -> None:
    arrays.array_set(vm, as_array(value), index, item)


@function
def push_element(vm: VM, value: Value, item: Value) -> None:
    array_push(vm, as_array(value), item)


@function
def mark(value: Value) -> None:
    sharing.share(value)


@function
def read_index(vm: VM, base: Value, index: Value) -> Value:
    return indexing.index_get(vm, base, index)


@function
def write_index(vm: VM, base: Value, index: Value, value: Value) -> Value:
    return indexing.index_set(vm, base, index, value)


@function
def owned(vm: VM, value: Value) -> Value:
    return sharing.own(vm, value)


@function
def equal(vm: VM, a: Value, b: Value) -> bool:
    return equality.values_equal(vm, a, b)


@function
def is_true(value: Value) -> bool:
    return truth.truthy(value)


@function
def put(vm: VM, table: Value, key: Value, value: Value) -> None:
    dicts.dict_set(vm, dicts.as_dict(table), dicts_keys.normalise_key(vm, key), value)


@function
def removed(vm: VM, table: Value, key: Value) -> bool:
    return dicts.dict_delete(dicts.as_dict(table), dicts_keys.normalise_key(vm, key))


@function
def found(vm: VM, table: Value, key: Value) -> Value:
    return dicts_finding.dict_get(dicts.as_dict(table), dicts_keys.normalise_key(vm, key))


@function
def next_item(vm: VM, state: Ptr[Value], out: Ptr[Value]) -> bool:
    return iteration_next(vm, state, out)


@function
def make_box(vm: VM, kind: i64, variant: i64, value: Value) -> Value:
    box = cast(BoxObject, allocate(vm, size_of(BoxObject), kind))
    box.aux = u32(variant)
    box.value = value
    return Value(kind, word(box))


@function
def make_tagged(vm: VM, name: StringObject, payload: Value) -> Value:
    count = as_array(payload).length
    tagged = cast(TaggedObject, allocate(vm, size_of(TaggedObject) + count * size_of(Value), TAGGED))
    tagged.aux = u32(count)
    tagged.name = name
    for i in range(count):
        tagged.payload[i] = array_get(as_array(payload), i)
    return Value(TAGGED, word(tagged))


@function
def make_instance(vm: VM, name: StringObject, names: Value, values: Value, declared: i64) -> Value:
    """An instance whose first `declared` fields are declared and whose others are extra."""
    generic = arrays.array_slice(vm, as_array(names), 0, as_array(names).length, 0)
    arrays.array_widen(vm, generic)
    definition = anonymous_definition(vm, name, arrays.array_items(generic), declared)
    instance = new_instance(vm, definition)
    for i in range(as_array(names).length):
        field_set(vm, instance, as_string(array_get(as_array(names), i)), array_get(as_array(values), i))
    return Value(STRUCT, word(instance))


@function
def debug_form(vm: VM, value: Value) -> StringObject:
    builder = builder_new(vm)
    append_debug(vm, builder, value)
    return builder_finish(vm, builder)


@function
def debug_words(vm: VM, value: Value) -> StringObject:
    builder = builder_new(vm)
    append_debug_text(vm, builder, value)
    return builder_finish(vm, builder)


@function
def nested(vm: VM, depth: i64, kind: i64) -> Value:
    """`depth` arrays, results or structs within each other."""
    value = Value(INT, 1)
    name = strings.new_string(vm, vm.empty_string.data, 0)
    for _ in range(depth):
        if kind == ARRAY:
            value = arrays.array_value(arrays.array_from_values(vm, _kept(vm, value), 1))
        elif kind == STRUCT:
            definition = anonymous_definition(vm, name, _kept(vm, Value(STRING, word(name))), 1)
            instance = cast(StructObject, new_instance(vm, definition))
            set_field_value(instance, 0, value)
            value = Value(STRUCT, word(instance))
        else:
            value = make_box(vm, RESULT, 0, value)
    return value


@function
def _kept(vm: VM, value: Value) -> Ptr[Value]:
    vm.roots[1] = value
    return element(vm.roots, 1)


BUILTINS = {
    entry.name.removeprefix("builtin_"): entry
    for module in (
        array_builtins, arrays_combining, general, dict_builtins, queue_builtins, set_builtins,
    )
    for entry in vars(module)["__lowpy_functions__"]
    if entry.name.startswith("builtin_")
}


@cache
def native() -> NativeModule:
    """Everything above, compiled once."""
    return native_with()


def native_with(*more: Any) -> NativeModule:
    """Everything above and some other functions."""
    return NativeModule(
        [
            get_element, set_element, push_element, mark, read_index, write_index, owned, equal, is_true,
            put, removed, found, next_item, make_box, make_tagged, make_instance, debug_form, debug_words,
            nested, arrays.new_array, arrays_editing.array_position, dicts.new_dict, dicts.next_entry,
            dicts_entries.entry_key, dicts_entries.entry_value, dicts_order.canonical_order, display.display,
            destructuring.destructure_array, destructuring.destructure_dict, fields.field_get_any,
            fields.field_get_optional, fields.field_set_any, fields.place_field, indexing.place_index,
            indexing.array_extend, indexing.dict_extend, indexing.dict_set_literal, iteration_start,
            sharing.clone_container, strings.new_string, structs.struct_clone,
            type_names.type_name, type_names.operand_name,
            *BUILTINS.values(), *more,
        ],
        level=2,
    )  # fmt: skip


class Workshop:
    """Makes, reads and keeps values of one VM."""

    def __init__(self, vm: TestVM) -> None:
        self.vm = vm
        alive = vm.call(arrays.new_array, 8)
        vm.set_root(0, ARRAY, alive)
        self._alive = (ARRAY, alive)

    def keep(self, value: Pair) -> Pair:
        """Keeps the value alive; raises RuffFailure for an error."""
        if value[0] == ERROR:
            raise RuffFailure(self.vm.error_text())
        self.vm.call(push_element, self._alive, value)
        return value

    def call(self, native_function: Any, *arguments: Any) -> Pair:
        """A native function's result, kept alive."""
        return self.keep(self.vm.call(native_function, *arguments))

    def text(self, text: str) -> int:
        """Address of a new string object."""
        data = text.encode()
        address: int = self.vm.call(
            strings.new_string, ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p).value or 0, len(data)
        )
        self.keep((STRING, address))
        return address

    def value(self, python: Any) -> Pair:
        """The Ruff value of a Python one."""
        if python is None:
            return NULL, 0
        if isinstance(python, bool):
            return BOOL, int(python)
        if isinstance(python, int):
            return INT, python
        if isinstance(python, float):
            return FLOAT, ctypes.c_int64.from_buffer_copy(ctypes.c_double(python)).value
        if isinstance(python, str):
            return STRING, self.text(python)
        return self._container(python)

    def _container(self, python: Any) -> Pair:
        if isinstance(python, list):
            array = self.keep((ARRAY, self.vm.call(arrays.new_array, 0)))
            for item in python:
                self.vm.call(push_element, array, self.value(item))
            return array
        if isinstance(python, dict):
            table = self.keep((DICT, self.vm.call(dicts.new_dict, 0)))
            for key, item in python.items():
                self.vm.call(put, table, self.value(key), self.value(item))
            return table
        if isinstance(python, Instance):
            names, values = self.value(list(python.fields)), self.value([*python.fields.values()])
            declared = (len(python.fields) + 1) // 2
            return self.call(make_instance, self.text(python.name), names, values, declared)
        assert isinstance(python, Tagged)
        if python.name in _BOXES:
            return self.call(make_box, *_BOXES[python.name], self.value(*(python.payload or (None,))))
        return self.call(make_tagged, self.text(python.name), self.value(list(python.payload)))

    def python(self, value: Pair) -> Any:
        """The Python value of a Ruff one made of plain data."""
        tag, payload = value
        if tag == NULL:
            return None
        if tag == BOOL:
            return payload != 0
        if tag == INT:
            return payload
        if tag == FLOAT:
            return ctypes.c_double.from_buffer_copy(ctypes.c_int64(payload)).value
        if tag == STRING:
            return text_of(payload)
        if tag == ARRAY:
            return [
                self.python(self.vm.module.call(get_element, value, i)) for i in range(self.length(value))
            ]
        assert tag == DICT, f"no plain data: tag {tag}"
        return dict(self._entries(payload))

    def _entries(self, table: int) -> list[tuple[str, Any]]:
        module = self.vm.module
        pairs = []
        entry = module.call(dicts.next_entry, table, 0)
        while entry >= 0:
            key = self.python(module.call(dicts_entries.entry_key, table, entry))
            pairs.append((str(key), self.python(module.call(dicts_entries.entry_value, table, entry))))
            entry = module.call(dicts.next_entry, table, entry + 1)
        return pairs

    def length(self, array: Pair) -> int:
        return self._builtin("len", [array])[1]

    def _builtin(self, name: str, arguments: list[Pair]) -> Pair:
        words = [word for argument in arguments for word in argument]
        block = (ctypes.c_int64 * (len(words) or 1))(*words)
        result: Pair = self.vm.call(BUILTINS[name], ctypes.addressof(block), len(arguments))
        return result

    def run(self, name: str, *arguments: Pair) -> Pair:
        """A builtin's result as it is, with the arguments' marks respected."""
        return self.keep(self._builtin(name, list(arguments)))

    def builtin(self, name: str, *arguments: Any) -> Any:
        """A builtin applied to Python values, in Python again."""
        return self.python(self.run(name, *[self.value(argument) for argument in arguments]))

    def display(self, python: Any) -> str:
        return text_of(self.vm.call(display.display, self.value(python)))


def same(left: Any, right: Any) -> bool:
    """Equality of plain data that tells ints, floats and bools apart and NaN equal to itself."""
    if type(left) is not type(right):
        return False
    if isinstance(left, float):
        return (math.isnan(left) and math.isnan(right)) or (left == right and repr(left) == repr(right))
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return list(left) == list(right) and all(same(left[key], right[key]) for key in left)
    return bool(left == right)
