"""What a new VM is furnished with: builtins, methods, operators, and the struct `Error`.

The tables are constants of the compiled runtime itself (`native_tables` writes them), so that a
start reads them in one call.
"""

from __future__ import annotations

from rufflang.interpreter.loading import intern
from rufflang.lowpy import Ptr, Struct, cast, function, i64, is_null, literal, offset, size_of, u8, word
from rufflang.runtime.arrays import array_push, new_array
from rufflang.runtime.dicts import dict_set, new_dict
from rufflang.runtime.heap_system import needed_memory
from rufflang.runtime.objects import ArrayObject, CellObject, Proto
from rufflang.runtime.strings import new_string
from rufflang.runtime.structs import new_definition
from rufflang.runtime.values import ARRAY, INT, STRING, Value
from rufflang.runtime.vm import VM, Builtin

# A count of arguments that no call reaches: how a denied builtin is kept from being called.
UNREACHABLE = 1 << 40


class BuiltinRow(Struct):
    """A builtin in the table of the compiled runtime."""

    code: Ptr[u8]
    parts: Ptr[u8]
    name: Ptr[u8]
    name_size: i64
    minimum: i64
    maximum: i64
    lent: i64
    arity_style: i64
    capability: i64


class MethodRow(Struct):
    """A builtin that may be written as a method: of strings (0), arrays (1) or dicts (2)."""

    table: i64
    name: Ptr[u8]
    name_size: i64
    number: i64


class OperatorRow(Struct):
    """An overloadable operator: its method's name and its sign."""

    method: Ptr[u8]
    method_size: i64
    sign: Ptr[u8]
    sign_size: i64


class Tables(Struct):
    """Everything together."""

    builtin_count: i64
    builtins: Ptr[u8]
    method_count: i64
    methods: Ptr[u8]
    operator_count: i64
    operators: Ptr[u8]


@function(export="ruff_furnish")
def furnish(vm: VM, tables: Tables, more_builtins: i64) -> None:
    """Registers what the runtime's tables hold, with room for `more_builtins` added later."""
    prepare(vm)
    vm.builtins = cast(Ptr[Builtin], needed_memory(tables.builtin_count + more_builtins, 8))
    for number in range(tables.builtin_count):
        row = cast(BuiltinRow, offset(tables.builtins, number * size_of(BuiltinRow)))
        builtin = new_builtin(vm, row.name, row.name_size, row.minimum, row.maximum)
        builtin.code = row.code
        builtin.parts = row.parts
        builtin.lent = row.lent
        builtin.arity_style = row.arity_style
        builtin.capability = row.capability
        builtin.is_host = i64(is_null(row.code))
    add_methods(vm, tables)
    add_operators(vm, tables)


@function
def add_methods(vm: VM, tables: Tables) -> None:
    """Fills the method tables."""
    for index in range(tables.method_count):
        row = cast(MethodRow, offset(tables.methods, index * size_of(MethodRow)))
        add_method(vm, row.table, row.name, row.name_size, row.number)


@function(export="ruff_add_method")
def add_method(vm: VM, table: i64, name: Ptr[u8], name_size: i64, number: i64) -> None:
    """Lets a builtin be written as a method."""
    if is_null(vm.method_tables[table]):
        vm.method_tables[table] = new_dict(vm, 32)
    text = intern(vm, name, name_size)
    dict_set(vm, vm.method_tables[table], Value(STRING, word(text)), Value(INT, number))


@function
def add_operators(vm: VM, tables: Tables) -> None:
    """Names the overloadable operators."""
    for index in range(tables.operator_count):
        row = cast(OperatorRow, offset(tables.operators, index * size_of(OperatorRow)))
        vm.operator_methods[index] = intern(vm, row.method, row.method_size)
        vm.operator_signs[index] = intern(vm, row.sign, row.sign_size)


@function
def new_builtin(vm: VM, name: Ptr[u8], name_size: i64, minimum: i64, maximum: i64) -> Builtin:
    """Registers the next builtin."""
    builtin = cast(Builtin, needed_memory(1, size_of(Builtin)))
    builtin.name = vm.empty_string
    vm.builtins[vm.builtin_count] = builtin
    vm.builtin_count += 1
    builtin.name = intern(vm, name, name_size)
    builtin.minimum = minimum
    builtin.maximum = maximum
    return builtin


@function(export="ruff_add_prelude_builtin")
def add_prelude_builtin(vm: VM, name: Ptr[u8], name_size: i64, arity: i64) -> i64:
    """Registers a builtin written in Ruff, whose function comes with the prelude; its number."""
    builtin = new_builtin(vm, name, name_size, arity, arity)
    builtin.arity_style = 1
    builtin.capability = -1
    builtin.is_host = 1
    return vm.builtin_count - 1


@function(export="ruff_set_builtin_closure")
def set_builtin_closure(vm: VM, number: i64, main: Proto, constant: i64) -> None:
    """Gives a builtin written in Ruff its function: the value of a global cell of the prelude."""
    vm.builtins[number].closure = cast(CellObject, main.constants[constant].payload).value


@function(export="ruff_deny")
def deny(vm: VM, capabilities: i64) -> None:
    """Denies the builtins that need one of the capabilities whose bits are set."""
    for number in range(vm.builtin_count):
        builtin = vm.builtins[number]
        if builtin.capability >= 0 and (capabilities >> builtin.capability & 1) != 0:
            builtin.is_denied = 1
            builtin.minimum = UNREACHABLE


@function
def prepare(vm: VM) -> None:
    """Creates what every program finds: the struct `Error` above all, and names that have a meaning."""
    vm.anonymous_definitions = new_dict(vm, 8)
    vm.error_fields[0] = intern(vm, literal("message"), 7)
    vm.error_fields[1] = intern(vm, literal("stack"), 5)
    vm.error_fields[2] = intern(vm, literal("line"), 4)
    vm.error_fields[3] = intern(vm, literal("cause"), 5)
    vm.next_name = intern(vm, literal("next"), 4)
    names = vm.scratch
    for index in range(4):
        names[index] = Value(STRING, word(vm.error_fields[index]))
    vm.error_definition = new_definition(vm, intern(vm, literal("Error"), 5), names, 4, names, 0, names)


@function(export="ruff_add_argument")
def add_argument(vm: VM, data: Ptr[u8], size: i64) -> None:
    """Appends to what `args()` gives."""
    if vm.arguments.tag != ARRAY:
        vm.arguments = Value(ARRAY, word(new_array(vm, 4)))
    text = new_string(vm, data, size)
    array_push(vm, cast(ArrayObject, vm.arguments.payload), Value(STRING, word(text)))
