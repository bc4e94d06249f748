"""Words for the numbers by which the VM says what it allocated and why it left compiled code."""

from __future__ import annotations

from rufflang.interpreter.tiering import ARGUMENTS_DIFFER, ASSUMPTION_FAILED, GENERATOR_DIFFERS
from rufflang.runtime import values

_KINDS = {
    values.NULL: "null",
    values.BOOL: "a bool",
    values.INT: "an int",
    values.FLOAT: "a float",
    values.STRING: "a string",
    values.ARRAY: "an array",
    values.DICT: "a dict",
    values.STRUCT: "a struct",
    values.SET: "a set",
    values.QUEUE: "a queue",
    values.STACK: "a stack",
    values.FUNCTION: "a function",
    values.NATIVE: "a builtin function",
    values.STRUCT_DEFINITION: "a struct definition",
    values.ENUM: "an enum",
    values.TAGGED: "a tagged value",
    values.RESULT: "a result",
    values.OPTION: "an option",
    values.CELL: "a captured variable",
    values.BYTES: "bytes",
    values.ITERATOR: "an iterator",
    values.GENERATOR: "a generator",
    values.PROMISE: "a promise",
    values.TASK: "a task",
    values.CHANNEL: "a channel",
    values.BUFFER: "bytes of a text or of packed numbers",
    values.VALUES: "values of a container",
    values.ENTRIES: "entries of a dict",
    values.POINTERS: "elements of an array",
    values.SAVED_STACK: "the stack of a waiting task",
    values.REACTION: "what waits for a promise",
}

_NEVER_BEFORE = "this had not been executed yet"
_ASSUMPTIONS = {
    "GET_GLOBAL": f"{_NEVER_BEFORE}, or the global variable holds another kind of value",
    "GET_FIELD": f"{_NEVER_BEFORE}, or the struct is of another type",
    "SET_FIELD": f"{_NEVER_BEFORE}, or the struct is of another type",
    "LOOP": "the loop was left to the interpreter",
}
_CALLS = ("CALL", "CALL_METHOD")


def kind_name(kind: int) -> str:
    """What sort of heap object it is, without an article."""
    return _KINDS.get(kind, "other").removeprefix("a ").removeprefix("an ")


def exit_reason(reason: int, opcode: str, before: str) -> str:
    """Why compiled code was left at an instruction, `before` being the one in front of it."""
    if reason == ARGUMENTS_DIFFER:
        return "called with other kinds of arguments"
    if reason == GENERATOR_DIFFERS:
        return "the generator holds other kinds of values"
    if reason == ASSUMPTION_FAILED:
        if opcode not in _ASSUMPTIONS and before in _CALLS:
            return "a function was left that is part of this one's code"
        return _ASSUMPTIONS.get(opcode, f"{_NEVER_BEFORE}, or found another kind of value")
    return f"the result is {_KINDS.get(reason, 'of another kind')}"
