"""Importing as opcodes.

Finding and compiling a module is the host's business (`rufflang.host.imports`).  It is called twice: with the
module's name, to load its code if it has to run, and afterwards for the namespace, a struct instance
whose fields are the exports.  Namespaces are kept for good, in `VM.modules`.  While another task imports the same
module, the host says so, and is asked again when some import has ended.
"""

from __future__ import annotations

from rufflang.bytecode.opcodes import FIXED, MUTABLE
from rufflang.interpreter.calling import call_value
from rufflang.interpreter.definitions import new_function
from rufflang.interpreter.table import opcode
from rufflang.lowpy import Ptr, cast, function, i64, is_null, u8, u32, word
from rufflang.runtime.arrays import array_push, new_array
from rufflang.runtime.frames import frame_proto
from rufflang.runtime.heap import new_values
from rufflang.runtime.host_calls import call_host_for_object
from rufflang.runtime.import_ends import BEGIN, FINISH, MUST_WAIT, end_of_import, tell_of_an_end
from rufflang.runtime.marking import share
from rufflang.runtime.objects import ArrayObject, CellObject, Proto, StringObject, StructObject, TaskObject
from rufflang.runtime.stopping import look_at_calls_again
from rufflang.runtime.strings import new_string
from rufflang.runtime.strings_comparing import string_equal
from rufflang.runtime.structs import as_struct, field_get, new_definition, new_instance, struct_value
from rufflang.runtime.structs_layout import set_field_value
from rufflang.runtime.tasks import running_task, wait_for
from rufflang.runtime.values import ARRAY, CELL, ERROR, FUNCTION, STRING, UNBOUND, Value
from rufflang.runtime.vm import VM


@opcode("IMPORT")
@function
def import_named(vm: VM, name: StringObject) -> Value:
    return import_module(vm, name)


@function(cold=True)
def import_module(vm: VM, name: StringObject) -> Value:
    """The namespace of a module, or ERROR."""
    task = running_task(vm)
    top_level = begin_import(vm, name, task)
    while word(top_level) == MUST_WAIT:
        if not wait_for(vm, end_of_import(vm)):
            return Value(ERROR, 0)
        top_level = begin_import(vm, name, task)
    failed = not is_null(top_level) and not run_module(vm, cast(Proto, top_level), task)
    namespace = call_host_for_object(vm, vm.host_import, FINISH, word(top_level), i64(failed))
    tell_of_an_end(vm)
    if is_null(namespace):
        return Value(ERROR, 0)
    return struct_value(cast(StructObject, namespace))


@function
def begin_import(vm: VM, name: StringObject, task: TaskObject) -> Ptr[u8]:
    """The top level that has to run first, null, or MUST_WAIT."""
    return call_host_for_object(vm, vm.host_import, BEGIN, word(name), word(task))


@function
def run_module(vm: VM, top_level: Proto, task: TaskObject) -> bool:
    """Runs a module's top level; False when an error is in flight then."""
    outer = task.importing
    task.importing = word(top_level)
    closure = new_function(vm, top_level)
    result = call_value(vm, Value(FUNCTION, word(closure)), vm.scratch, 0)
    # A frame that did not count as a call is gone.
    vm.count_limit = vm.depth_limit
    look_at_calls_again(vm)
    task.importing = outer
    return result.tag != ERROR


@opcode("BIND_EXPORTS")
@function
def bind_exports(vm: VM, namespace: Value, module: StringObject, registers: Ptr[Value]) -> None:
    """Only a top level does this: the cells among its constants are the file's globals."""
    share(namespace)
    proto = frame_proto(registers)
    for index in range(proto.constant_count):
        constant = proto.constants[index]
        if constant.tag == CELL:
            bind_export(vm, namespace, module, cast(CellObject, constant.payload))


@function
def bind_export(vm: VM, namespace: Value, module: StringObject, cell: CellObject) -> None:
    if i64(cell.aux) == FIXED:
        return  # the module was not expected to export this: code relies on what is here
    value = field_get(vm, as_struct(namespace), cell.name)
    if value.tag == UNBOUND:
        if not string_equal(cell.name, module):
            return
        value = namespace
    share(value)
    cell.value = value
    cell.aux = u32(MUTABLE)


@function(export="ruff_is_bound")
def is_global_bound(main: Proto, constant: i64) -> i64:
    """Whether the global cell in a constant has a value."""
    return i64(exported_cell(main, constant).value.tag != UNBOUND)


@function
def exported_cell(main: Proto, constant: i64) -> CellObject:
    return cast(CellObject, main.constants[constant].payload)


@function(export="ruff_collect_exports")
def collect_exports(
    vm: VM, main: Proto, name: Ptr[u8], size: i64, constants: Ptr[i64], count: i64
) -> StructObject:
    """The namespace of a module that has run, made of the global cells in these constants."""
    names = new_values(vm, count)
    for index in range(count):
        names.items[index] = Value(STRING, word(exported_cell(main, constants[index]).name))
    definition = new_definition(vm, new_string(vm, name, size), names.items, count, names.items, 0, names.items)
    namespace = new_instance(vm, definition)
    for index in range(count):
        value = exported_cell(main, constants[index]).value
        share(value)
        set_field_value(namespace, index, value)
    keep_namespace(vm, namespace)
    return namespace


@function
def keep_namespace(vm: VM, namespace: StructObject) -> None:
    if vm.modules.tag != ARRAY:
        vm.modules = Value(ARRAY, word(new_array(vm, 8)))
    namespace.shared = 1
    array_push(vm, cast(ArrayObject, vm.modules.payload), struct_value(namespace))
