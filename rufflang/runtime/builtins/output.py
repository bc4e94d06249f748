"""Printing, reading lines, the program's arguments and its end.

Standard output is collected in `VM.output` and handed to the host in large pieces:
`VM.host_write` is a C function `void (VM*, i64 fd, u8* data, i64 size)` with fd 1 or 2.
The buffer is made on first use; a host that wants every print at once sets `output` to
any address and `output_capacity` to 0, one that only wants it shown calls
`vm_flush_output`.  A line of input comes from `VM.host_text` (see `strings_case`) as
operation READ_LINE, whose string argument is empty: the next line of standard input
without trailing white space, or "" at its end.  Prompts are printed here.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, cast, copy_memory, function, i64, is_null, literal, null, offset, u8, word
from rufflang.runtime.arrays import array_value, new_array
from rufflang.runtime.builtins.registry import builtin
from rufflang.runtime.display import append_display
from rufflang.runtime.errors import append_literal, raise_built, raise_literal, raise_message, raise_out_of_memory
from rufflang.runtime.heap_system import system_realloc
from rufflang.runtime.host_calls import call_host, call_host_for_object
from rufflang.runtime.marking import share
from rufflang.runtime.numbers import int_text_size, write_int_text
from rufflang.runtime.numbers_arguments import is_number, whole_number
from rufflang.runtime.objects import StringObject
from rufflang.runtime.safepoints import stop_requested
from rufflang.runtime.strings import as_string, string_value
from rufflang.runtime.text_builder import (
    TextBuilder,
    builder_append_byte,
    builder_append_int,
    builder_failed,
    builder_new,
)
from rufflang.runtime.values import ARRAY, ERROR, INT, NULL, STRING, Value
from rufflang.runtime.vm import VM

READ_LINE = 3

_CAPACITY = 1 << 16
_STANDARD_OUTPUT = 1
_STANDARD_ERROR = 2
_SPACE = 32
_LINE_FEED = 10
_LONGEST_INT = 20
_EXIT = 4  # `VM.error_is_fatal` of a program that ends itself


@function
def host_write(vm: VM, file: i64, data: Ptr[u8], size: i64) -> None:
    """Hands bytes to the host."""
    call_host(vm, vm.host_write, file, word(data), size)


@function(export="vm_flush_output")
def flush_output(vm: VM) -> None:
    """Hands the pending standard output to the host."""
    pending = vm.output_used
    if pending > 0:
        vm.output_used = 0
        host_write(vm, _STANDARD_OUTPUT, vm.output, pending)


@function(cold=True)
def _make_room(vm: VM) -> None:
    if is_null(vm.output):
        # Not cleared: of a program that prints little, most of it is never touched.
        vm.output = system_realloc(null(Ptr[u8]), _CAPACITY)
        vm.output_capacity = _CAPACITY
    flush_output(vm)


@function
def write_output(vm: VM, data: Ptr[u8], size: i64) -> None:
    """Adds bytes to standard output."""
    if vm.output_used + size > vm.output_capacity:
        _make_room(vm)
        if size > vm.output_capacity:
            host_write(vm, _STANDARD_OUTPUT, data, size)
            return
    copy_memory(offset(vm.output, vm.output_used), data, size)
    vm.output_used = vm.output_used + size


@function
def _joined(vm: VM, arguments: Ptr[Value], count: i64) -> TextBuilder:
    """The display texts with a space between them, and a line end."""
    line = builder_new(vm)
    for i in range(count):
        if i > 0:
            builder_append_byte(vm, line, _SPACE)
        append_display(vm, line, arguments[i])
    builder_append_byte(vm, line, _LINE_FEED)
    return line


@function
def _print_simply(vm: VM, value: Value) -> bool:
    """Prints a string or an int straight into the buffer if there is room; whether it did."""
    room = vm.output_capacity - vm.output_used
    target = offset(vm.output, vm.output_used)
    size = 0
    if value.tag == STRING:
        text = as_string(value)
        size = text.byte_count
        if size >= room:
            return False
        copy_memory(target, text.data, size)
    elif value.tag == INT and room > _LONGEST_INT:
        size = int_text_size(value.payload)
        write_int_text(target, value.payload, size)
    else:
        return False
    target[size] = _LINE_FEED
    vm.output_used = vm.output_used + size + 1
    return True


@builtin("print", aliases=("println",))
@function
def builtin_print(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """print(...values: any) -> null

    Writes the display texts, joined by one space, and a line end.
    """
    if count == 1 and _print_simply(vm, arguments[0]):
        return Value(NULL, 0)
    line = _joined(vm, arguments, count)
    if builder_failed(line):
        return raise_out_of_memory(vm)
    write_output(vm, line.data, line.byte_count)
    return Value(NULL, 0)


@builtin("eprint")
@function
def builtin_eprint(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """eprint(...values: any) -> null

    Like `print`, to standard error.
    """
    line = _joined(vm, arguments, count)
    if builder_failed(line):
        return raise_out_of_memory(vm)
    flush_output(vm)
    host_write(vm, _STANDARD_ERROR, line.data, line.byte_count)
    return Value(NULL, 0)


@builtin("input", 0, 1, arity="central")
@function
def builtin_input(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """input(prompt?: string) -> string

    Shows the prompt and reads a line; the end of input gives "".
    """
    if count == 1:
        if arguments[0].tag != STRING:
            return raise_literal(vm, literal("input() requires a string prompt when provided"))
        prompt = as_string(arguments[0])
        write_output(vm, prompt.data, prompt.byte_count)
    flush_output(vm)
    line = cast(StringObject, call_host_for_object(vm, vm.host_text, READ_LINE, word(vm.empty_string), 0))
    if vm.interrupt != 0 and stop_requested(vm):
        return Value(ERROR, 0)
    return string_value(line)


@builtin("exit", 0, 1, arity="central")
@function
def builtin_exit(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """exit(code?: number)

    Ends the program with an exit code, 0 by default.
    """
    code = 0
    if count == 1:
        if not is_number(arguments[0]):
            return raise_literal(vm, literal("exit() requires a numeric exit code when provided"))
        code = whole_number(arguments[0])
    raise_message(vm, vm.empty_string)
    vm.error_is_fatal = _EXIT
    vm.exit_code = code
    return Value(ERROR, 0)


@builtin("args")
@function
def builtin_args(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """args() -> array

    The program's own arguments: what stood behind the script's path.
    """
    if count != 0:
        message = builder_new(vm)
        append_literal(vm, message, literal("args() expects 0 arguments, got "))
        builder_append_int(vm, message, count)
        return raise_built(vm, message)
    if vm.arguments.tag != ARRAY:
        vm.arguments = array_value(new_array(vm, 0))
    share(vm.arguments)
    return vm.arguments
