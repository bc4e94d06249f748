"""Printing, input, program control and the basic constructors (`stdlib.md` sections 2, 14, 20)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from rufflang.reference.builtins.checks import demand_room, whole_number
from rufflang.reference.builtins.registry import builtin
from rufflang.reference.display import debug, display
from rufflang.reference.errors import ExitRequest, RuffError
from rufflang.reference.operators import is_number, truncated
from rufflang.reference.values import ArrayValue, CollectionValue, DictValue, Value, type_name

if TYPE_CHECKING:
    from rufflang.reference.machine import Machine


@builtin("print", 0, None, only_looks=True, aliases=("println",))
def print_(machine: Machine, arguments: list[Any]) -> Value:
    """Writes the display texts, joined by one space, and a line end."""
    machine.output.write(" ".join([display(argument) for argument in arguments]) + "\n")
    return None


@builtin("eprint", 0, None, only_looks=True)
def eprint(machine: Machine, arguments: list[Any]) -> Value:
    """Like `print`, to standard error."""
    machine.error_output.write(" ".join([display(argument) for argument in arguments]) + "\n")
    machine.error_output.flush()
    return None


@builtin("debug", 0, None, only_looks=True)
def debug_(machine: Machine, arguments: list[Any]) -> Value:
    """Prints `[DEBUG]` and the debug form of each value."""
    machine.output.write(" ".join(["[DEBUG]", *[debug(argument) for argument in arguments]]) + "\n")
    return None


@builtin("input", 0, 1)
def input_(machine: Machine, arguments: list[Any]) -> Value:
    """Shows the prompt and reads a line; the end of input gives an empty string."""
    if arguments:
        if not isinstance(arguments[0], str):
            raise RuffError("input() requires a string prompt when provided")
        machine.output.write(arguments[0])
    machine.output.flush()
    return machine.input_port.read_line()


@builtin("exit", 0, 1)
def exit_(machine: Machine, arguments: list[Any]) -> Value:
    """Ends the program with the given code, 0 by default."""
    code = arguments[0] if arguments else 0
    raise ExitRequest(whole_number(code, "exit() requires a numeric exit code when provided"))


@builtin("len", 1, only_looks=True)
def len_(machine: Machine, arguments: list[Any]) -> Value:
    """The number of characters, elements or entries."""
    value = arguments[0]
    if isinstance(value, (str, bytes, ArrayValue)):
        return len(value)
    if isinstance(value, DictValue):
        return len(value.entries)
    if isinstance(value, CollectionValue):
        return len(value.items)
    raise RuffError("len() requires an array, dict, bytes, set, queue, stack, or string")


@builtin("range", 1, 3, arity_message="range() requires 1, 2, or 3 arguments")
def range_(machine: Machine, arguments: list[Any]) -> Value:
    """The ints from start (0) to stop (exclusive) by step (1)."""
    numbers = numbers_of_range(arguments)
    demand_room("range", len(numbers))
    return ArrayValue(list(numbers))


def numbers_of_range(arguments: list[Any]) -> range:
    """What an array that `range` makes holds."""
    bounds = [whole_number(argument, "range() requires numeric arguments") for argument in arguments]
    if len(bounds) == 3 and bounds[2] == 0:
        raise RuffError("range() step cannot be zero")
    return range(*bounds)


@builtin("array", 0, None)
def array(machine: Machine, arguments: list[Any]) -> Value:
    """An array of the arguments."""
    return ArrayValue(arguments)


@builtin("dict", 0)
def dict_(machine: Machine, arguments: list[Any]) -> Value:
    """A new empty dict."""
    return DictValue({})


@builtin("type", 1, only_looks=True, aliases=("type_of",))
def type_(machine: Machine, arguments: list[Any]) -> Value:
    """The name of the value's type."""
    return type_name(arguments[0])


@builtin("args", 0, arity_message="args() expects 0 arguments, got {got}")
def args(machine: Machine, arguments: list[Any]) -> Value:
    """The program's arguments, after the script's path."""
    return ArrayValue(list(machine.arguments))


_NO_ARGUMENTS = "{name}() expects 0 arguments, got {got}"


@builtin("performance_now", 0, arity_message=_NO_ARGUMENTS, capability="clock")
def performance_now(machine: Machine, arguments: list[Any]) -> Value:
    """Milliseconds since the program started."""
    return (time.perf_counter() - machine.started) * 1000.0


@builtin("now", 0, arity_message=_NO_ARGUMENTS, capability="clock")
def now(machine: Machine, arguments: list[Any]) -> Value:
    """Unix time in whole seconds, as a float."""
    return float(int(time.time()))


@builtin("current_timestamp", 0, arity_message=_NO_ARGUMENTS, aliases=("time",), capability="clock")
def current_timestamp(machine: Machine, arguments: list[Any]) -> Value:
    """Unix time in milliseconds."""
    return time.time_ns() // 1_000_000


@builtin("sleep", 1, arity_message="sleep() expects 1 argument", capability="clock")
def sleep(machine: Machine, arguments: list[Any]) -> Value:
    """Waits for so many milliseconds."""
    duration = arguments[0]
    if not is_number(duration):
        raise RuffError("sleep() requires a number argument")
    if duration < 0:
        raise RuffError("sleep() requires non-negative milliseconds")
    machine.output.flush()
    machine.threads.interruption.wait(min(truncated(duration * 1000), 10**12) / 1_000_000)
    machine.check_interruption()
    return 0
