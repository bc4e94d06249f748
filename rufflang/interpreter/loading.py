"""The C functions by which the engine puts compiled chunks into a VM and runs them.

Everything is created in place, inside a chunk's constants, so that no object is ever held by
Python alone while the collector may run.
"""

from __future__ import annotations

from rufflang.interpreter.calling import call_value
from rufflang.interpreter.definitions import new_function
from rufflang.lowpy import (
    Ptr,
    address_of_function,
    cast,
    copy_memory,
    function,
    i64,
    is_null,
    literal,
    null,
    offset,
    size_of,
    stack_address,
    u8,
    u32,
    u64,
    word,
)
from rufflang.runtime.arrays import array_get, array_push, new_array
from rufflang.runtime.dicts import dict_get, dict_set, new_dict
from rufflang.runtime.heap import allocate, new_values
from rufflang.runtime.heap_system import system_calloc
from rufflang.runtime.objects import ArrayObject, CellObject, Proto, StringObject, StructObject, ValuesObject
from rufflang.runtime.strings import new_string, string_hash
from rufflang.runtime.structs import new_definition
from rufflang.runtime.values import ARRAY, CELL, FUNCTION, INT, STRING, UNBOUND, VALUES, Value
from rufflang.runtime.vm import VM, Builtin

LEAST_PROTOS = 64
NO_CALLS = -(1 << 62)


@function
def copied(data: Ptr[u8], size: i64) -> Ptr[u8]:
    """A copy of some bytes outside the heap."""
    memory = system_calloc(1, size + 8)
    copy_memory(memory, data, size)
    return memory


@function
def intern(vm: VM, data: Ptr[u8], size: i64) -> StringObject:
    """The one string object for a constant text; its hash is computed already."""
    text = new_string(vm, data, size)
    key = Value(STRING, word(text))
    known = dict_get(vm.interned, key)
    if known.tag != UNBOUND:
        return cast(StringObject, known.payload)
    string_hash(text)
    dict_set(vm, vm.interned, key, key)
    return text


@function(export="ruff_new_proto")
def new_proto(vm: VM, code: Ptr[u8], code_length: i64, constant_count: i64) -> Proto:
    """A chunk with its code (64-bit words) and room for constants."""
    proto = cast(Proto, system_calloc(1, size_of(Proto)))
    proto.code = cast(Ptr[u64], copied(code, code_length * 8))
    proto.code_length = code_length
    proto.constants = cast(Ptr[Value], system_calloc(constant_count + 1, 16))
    proto.constant_count = constant_count
    proto.name = vm.empty_string
    proto.declared_name = vm.empty_string
    proto.arity_name = vm.empty_string
    if vm.proto_count == vm.proto_capacity:
        grow_protos(vm)
    proto.number = vm.proto_count
    vm.protos[vm.proto_count] = proto
    vm.proto_count += 1
    return proto


@function
def grow_protos(vm: VM) -> None:
    capacity = vm.proto_capacity * 2 + LEAST_PROTOS
    table = cast(Ptr[Proto], system_calloc(capacity, 8))
    if vm.proto_count > 0:
        copy_memory(table, vm.protos, vm.proto_count * 8)
    vm.protos = table
    vm.proto_capacity = capacity


@function(export="ruff_describe_proto")
def describe_proto(
    vm: VM,
    proto: Proto,
    register_count: i64,
    parameter_count: i64,
    has_receiver: i64,
    lent: i64,
    hidden: i64,
    name: Ptr[u8],
    name_size: i64,
    declared: Ptr[u8],
    declared_size: i64,
) -> None:
    """Fills in the numbers and names; a `declared_size` of -1 means an anonymous function."""
    proto.register_count = register_count
    proto.parameter_count = parameter_count
    proto.has_receiver = has_receiver
    proto.lent = lent
    proto.hidden = hidden
    proto.name = intern(vm, name, name_size)
    proto.arity_name = proto.name
    if declared_size >= 0:
        proto.declared_name = intern(vm, declared, declared_size)
    proto.parameter_feedback = cast(Ptr[u32], system_calloc(parameter_count + 1, 4))


@function(export="ruff_set_tables")
def set_tables(
    proto: Proto,
    handlers: Ptr[u8],
    handler_count: i64,
    positions: Ptr[u8],
    captures: Ptr[u8],
    capture_count: i64,
    loop_count: i64,
) -> None:
    """Handler quadruples, a position for each code word, captured registers: all i64."""
    proto.handlers = cast(Ptr[i64], copied(handlers, handler_count * 32))
    proto.handler_count = handler_count
    proto.positions = cast(Ptr[u64], copied(positions, proto.code_length * 8))
    proto.captures = cast(Ptr[i64], copied(captures, capture_count * 8))
    proto.capture_count = capture_count
    proto.loop_entries = cast(Ptr[Ptr[u8]], system_calloc(loop_count + 1, 8))


@function(export="ruff_set_constant")
def set_constant(proto: Proto, index: i64, tag: i64, payload: i64) -> None:
    """A constant that is no heap object (a Proto counts as an int)."""
    proto.constants[index] = Value(tag, payload)


@function(export="ruff_set_constant_text")
def set_constant_text(vm: VM, proto: Proto, index: i64, data: Ptr[u8], size: i64) -> None:
    proto.constants[index] = Value(STRING, word(intern(vm, data, size)))


@function(export="ruff_set_constant_list")
def set_constant_list(vm: VM, proto: Proto, index: i64, count: i64) -> None:
    """A VALUES constant with `count` items, all unbound."""
    proto.constants[index] = Value(VALUES, word(new_values(vm, count)))


@function(export="ruff_set_item")
def set_item(vm: VM, proto: Proto, index: i64, item: i64, number: i64) -> None:
    """An int item of a VALUES constant."""
    items = list_items(proto, index)
    items[item] = Value(INT, number)


@function(export="ruff_set_item_text")
def set_item_text(vm: VM, proto: Proto, index: i64, item: i64, data: Ptr[u8], size: i64) -> None:
    """A string item of a VALUES constant."""
    text = intern(vm, data, size)
    items = list_items(proto, index)
    items[item] = Value(STRING, word(text))


@function
def list_items(proto: Proto, index: i64) -> Ptr[Value]:
    return cast(ValuesObject, proto.constants[index].payload).items


@function(export="ruff_set_constant_cell")
def set_constant_cell(vm: VM, proto: Proto, index: i64, name: Ptr[u8], size: i64) -> None:
    """A new global cell as a constant."""
    cell = cast(CellObject, allocate(vm, size_of(CellObject), CELL))
    proto.constants[index] = Value(CELL, word(cell))
    cell.name = intern(vm, name, size)


@function(export="ruff_copy_constant")
def copy_constant(to: Proto, to_index: i64, source: Proto, source_index: i64) -> None:
    """Shares a constant (a global cell) between chunks."""
    to.constants[to_index] = source.constants[source_index]


@function(export="ruff_set_global")
def set_global(proto: Proto, index: i64, tag: i64, payload: i64) -> None:
    """Gives the global cell in a constant a value."""
    cast(CellObject, proto.constants[index].payload).value = Value(tag, payload)


@function(export="ruff_global_value")
def global_value(proto: Proto, index: i64) -> Value:
    """The value of the global cell in a constant."""
    return cast(CellObject, proto.constants[index].payload).value


@function(export="ruff_add_builtin")
def add_builtin(
    vm: VM,
    code: Ptr[u8],
    name: Ptr[u8],
    name_size: i64,
    minimum: i64,
    maximum: i64,
    lent: i64,
    arity_style: i64,
) -> i64:
    """Registers the next builtin; null code means that the host runs it.  Returns its number."""
    builtin = cast(Builtin, system_calloc(1, size_of(Builtin)))
    number = vm.builtin_count
    vm.builtins[number] = builtin
    vm.builtin_count += 1
    builtin.code = code
    builtin.name = intern(vm, name, name_size)
    builtin.minimum = minimum
    builtin.maximum = maximum
    builtin.lent = lent
    builtin.arity_style = arity_style
    builtin.is_host = i64(is_null(code))
    return number


@function(export="ruff_reserve_builtins")
def reserve_builtins(vm: VM, count: i64) -> None:
    """Room for so many builtins; call once."""
    vm.builtins = cast(Ptr[Builtin], system_calloc(count, 8))


@function(export="ruff_set_builtin_closure")
def set_builtin_closure(vm: VM, number: i64, proto: Proto, constant: i64) -> None:
    """A builtin written in Ruff: its function is the value of a global cell."""
    vm.builtins[number].closure = cast(CellObject, proto.constants[constant].payload).value


@function(export="ruff_set_method")
def set_method(vm: VM, table: i64, name: Ptr[u8], size: i64, number: i64) -> None:
    """Lets a builtin be written as a method of strings (0), arrays (1), dicts (2) or others (3)."""
    if is_null(vm.method_tables[table]):
        vm.method_tables[table] = new_dict(vm, 32)
    key = intern(vm, name, size)
    dict_set(vm, vm.method_tables[table], Value(STRING, word(key)), Value(INT, number))


@function(export="ruff_set_operator")
def set_operator(vm: VM, number: i64, method: Ptr[u8], method_size: i64, sign: Ptr[u8], sign_size: i64) -> None:
    """Names an overloadable operator."""
    vm.operator_methods[number] = intern(vm, method, method_size)
    vm.operator_signs[number] = intern(vm, sign, sign_size)


@function(export="ruff_prepare")
def prepare(vm: VM) -> None:
    """Creates what every program finds: the interning table and the struct `Error`."""
    vm.interned = new_dict(vm, 256)
    vm.anonymous_definitions = new_dict(vm, 8)
    vm.error_fields[0] = intern(vm, literal("message"), 7)
    vm.error_fields[1] = intern(vm, literal("stack"), 5)
    vm.error_fields[2] = intern(vm, literal("line"), 4)
    vm.error_fields[3] = intern(vm, literal("cause"), 5)
    names = vm.scratch
    for index in range(4):
        names[index] = Value(STRING, word(vm.error_fields[index]))
    vm.error_definition = new_definition(vm, intern(vm, literal("Error"), 5), names, 4, names, 0)


@function(export="ruff_add_argument")
def add_argument(vm: VM, data: Ptr[u8], size: i64) -> None:
    """Appends to what `args()` gives."""
    if vm.arguments.tag != ARRAY:
        vm.arguments = Value(ARRAY, word(new_array(vm, 4)))
    text = new_string(vm, data, size)
    array_push(vm, cast(ArrayObject, vm.arguments.payload), Value(STRING, word(text)))


@function(export="ruff_run")
def run(vm: VM, proto: Proto) -> i64:
    """Runs a chunk without parameters as the bottom of the stack; the tag of its result."""
    vm.leaving = Value(UNBOUND, 0)
    closure = new_function(vm, proto)
    vm.depth = -1  # the top level is no call
    vm.frame = null(Ptr[Value])
    result = call_value(vm, Value(FUNCTION, word(closure)), vm.scratch, 0)
    vm.leaving = result
    return result.tag


@function(export="ruff_string_data")
def string_data(text: StringObject) -> Ptr[u8]:
    return text.data


@function(export="ruff_string_size")
def string_size(text: StringObject) -> i64:
    return text.byte_count


@function(export="ruff_error_message")
def error_message(vm: VM) -> StringObject:
    """The message of the error in flight."""
    return vm.error_message


@function(export="ruff_error_position")
def error_position(vm: VM) -> i64:
    """line << 32 | column, 0 when unknown."""
    return vm.error_position


@function(export="ruff_error_kind")
def error_kind(vm: VM) -> i64:
    """0 for an ordinary error; see `safepoints`."""
    return vm.error_is_fatal


@function(export="ruff_exit_code")
def exit_code(vm: VM) -> i64:
    return vm.exit_code


@function(export="ruff_error_stack_size")
def error_stack_size(vm: VM) -> i64:
    """Number of names in the error's call stack."""
    stack = cast(StructObject, vm.error.payload).fields[1]
    return cast(ArrayObject, stack.payload).length if stack.tag == ARRAY else i64(0)


@function(export="ruff_error_stack_name")
def error_stack_name(vm: VM, index: i64) -> StringObject:
    """One name of the call stack, outermost first; null for an item that is no string."""
    stack = cast(ArrayObject, cast(StructObject, vm.error.payload).fields[1].payload)
    name = array_get(stack, index)
    return cast(StringObject, name.payload) if name.tag == STRING else null(StringObject)


@function(export="ruff_pending_output")
def pending_output(vm: VM) -> i64:
    """Bytes of standard output not yet handed to the host."""
    return vm.output_used


@function(export="ruff_configure")
def configure(
    vm: VM,
    depth_limit: i64,
    call_threshold: i64,
    loop_threshold: i64,
    native_stack_base: Ptr[u8],
    native_stack_size: i64,
) -> None:
    """Limits and thresholds; the native stack grows down from its base."""
    vm.depth_limit = depth_limit
    vm.call_limit = depth_limit
    vm.call_threshold = call_threshold
    vm.loop_threshold = loop_threshold
    vm.native_stack_base = native_stack_base
    vm.native_stack_limit = offset(native_stack_base, 0 - native_stack_size)


@function(export="ruff_set_callbacks")
def set_callbacks(
    vm: VM, write: Ptr[u8], call: Ptr[u8], text: Ptr[u8], jit_request: Ptr[u8], jit_entered: Ptr[u8], interpret: Ptr[u8]
) -> None:
    """C functions into the host and the JIT; null where there is none."""
    vm.host_write = write
    vm.host_call = call
    vm.host_text = text
    vm.jit_request = jit_request
    vm.jit_entered = jit_entered
    vm.interpret = interpret
    vm.call_value = address_of_function(call_value)


@function(export="ruff_request_stop")
def request_stop(vm: VM, reason: i64) -> None:
    """Makes the program stop at its next safepoint; may be called from any thread."""
    vm.interrupt = vm.interrupt | reason
    vm.call_limit = NO_CALLS


@function(export="ruff_stack_address")
def current_stack_address() -> Ptr[u8]:
    """An address on the calling thread's stack."""
    return stack_address()
