"""The names of kinds: what `type` answers, and what operator errors say."""

from __future__ import annotations

from rufflang.lowpy import cast, function, i64, is_null, likely, literal, literal_size
from rufflang.runtime.dicts import intern_string
from rufflang.runtime.objects import FunctionObject, StringObject
from rufflang.runtime.strings import new_string
from rufflang.runtime.values import (
    ARRAY,
    BOOL,
    BYTES,
    CHANNEL,
    DICT,
    ENUM,
    FLOAT,
    FUNCTION,
    GENERATOR,
    INT,
    ITERATOR,
    NATIVE,
    NULL,
    OPTION,
    PROMISE,
    QUEUE,
    RESULT,
    SET,
    STACK,
    STRING,
    STRUCT,
    STRUCT_DEFINITION,
    TAGGED,
    TASK,
    Value,
)
from rufflang.runtime.vm import VM


@function(inline=True)
def type_name(vm: VM, value: Value) -> StringObject:
    """What `type(value)` answers: for each kind one string, the same as an equal constant of the program."""
    known = vm.type_names[value.tag]
    if likely(not is_null(known)):
        return known
    return _first_type_name(vm, value.tag)


@function(cold=True)
def _first_type_name(vm: VM, tag: i64) -> StringObject:
    name = intern_string(vm, _new_type_name(vm, tag))
    vm.type_names[tag] = name
    return name


@function
def _new_type_name(vm: VM, tag: i64) -> StringObject:
    if tag <= STRUCT:
        return _core_name(vm, tag)
    if tag == FUNCTION or tag == NATIVE:
        return new_string(vm, literal("function"), literal_size("function"))
    if tag == SET:
        return new_string(vm, literal("set"), literal_size("set"))
    if tag == QUEUE:
        return new_string(vm, literal("queue"), literal_size("queue"))
    if tag == STACK:
        return new_string(vm, literal("stack"), literal_size("stack"))
    if tag == STRUCT_DEFINITION:
        return new_string(vm, literal("structdef"), literal_size("structdef"))
    if tag == ENUM:
        return new_string(vm, literal("enum"), literal_size("enum"))
    if tag == TAGGED:
        return new_string(vm, literal("tagged"), literal_size("tagged"))
    if tag == RESULT:
        return new_string(vm, literal("result"), literal_size("result"))
    if tag == OPTION:
        return new_string(vm, literal("option"), literal_size("option"))
    if tag == BYTES:
        return new_string(vm, literal("bytes"), literal_size("bytes"))
    if tag == ITERATOR:
        return new_string(vm, literal("iterator"), literal_size("iterator"))
    if tag == GENERATOR:
        return new_string(vm, literal("generator"), literal_size("generator"))
    if tag == PROMISE:
        return new_string(vm, literal("promise"), literal_size("promise"))
    if tag == TASK:
        return new_string(vm, literal("taskhandle"), literal_size("taskhandle"))
    if tag == CHANNEL:
        return new_string(vm, literal("channel"), literal_size("channel"))
    return new_string(vm, literal("value"), literal_size("value"))


@function
def _core_name(vm: VM, tag: i64) -> StringObject:
    if tag == NULL:
        return new_string(vm, literal("null"), literal_size("null"))
    if tag == BOOL:
        return new_string(vm, literal("bool"), literal_size("bool"))
    if tag == INT:
        return new_string(vm, literal("int"), literal_size("int"))
    if tag == FLOAT:
        return new_string(vm, literal("float"), literal_size("float"))
    if tag == STRING:
        return new_string(vm, literal("string"), literal_size("string"))
    if tag == ARRAY:
        return new_string(vm, literal("array"), literal_size("array"))
    if tag == DICT:
        return new_string(vm, literal("dict"), literal_size("dict"))
    return new_string(vm, literal("struct"), literal_size("struct"))


@function
def operand_name(vm: VM, value: Value) -> StringObject:
    """How messages of operators and destructuring name the value's kind."""
    tag = value.tag
    if tag <= STRUCT:
        return _core_name(vm, tag)
    if tag == NATIVE or (tag == FUNCTION and cast(FunctionObject, value.payload).proto.hidden != 0):
        return new_string(vm, literal("native_function"), literal_size("native_function"))
    if tag == FUNCTION:
        return new_string(vm, literal("function"), literal_size("function"))
    return new_string(vm, literal("value"), literal_size("value"))
