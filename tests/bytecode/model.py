"""A model of the virtual machine in plain Python, to judge compiled code by what it does.

Values and built-ins are those of the reference evaluator; the instructions follow the
opcode table to the letter.  In particular a container is written in place whenever it is
not marked shared, so that a mark the compiler forgot shows as a wrong result.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from rufflang.bytecode.chunk import Chunk, LiteralConstant, StructConstant, Unit
from rufflang.bytecode.compiler import compile_program
from rufflang.bytecode.encoding import instruction_length, unpack
from rufflang.bytecode.opcodes import BY_NAME, CONST, LET, OPCODES
from rufflang.bytecode.prelude import BuiltinTable
from rufflang.reference.builtins import PRELUDE
from rufflang.reference.builtins.core import numbers_of_range
from rufflang.reference.calls import call_native
from rufflang.reference.display import display
from rufflang.reference.equality import equal
from rufflang.reference.errors import ExitRequest, RuffError, thrown
from rufflang.reference.iteration import known_items
from rufflang.reference.machine import Machine
from rufflang.reference.methods import call_member
from rufflang.reference.operators import (
    BINARY_METHODS,
    UNARY_METHODS,
    binary,
    logical_not,
    negate,
    operand_name,
)
from rufflang.reference.output import Port
from rufflang.reference.places import IndexStep, MemberStep, read_index, read_member, read_optional_member
from rufflang.reference.values import (
    ArrayValue,
    Container,
    DictValue,
    EnumDefinition,
    FunctionValue,
    NativeFunction,
    ResultValue,
    StructDefinition,
    StructValue,
    TaggedValue,
    array_of,
    dict_key,
    is_function,
    is_truthy,
    share,
    share_all,
)
from rufflang.syntax import Source, check_program, parse
from rufflang.syntax.ast import Program

_FUNCTION_NAMES = sorted(name for name, value in PRELUDE.items() if isinstance(value, NativeFunction))
BUILTINS = BuiltinTable(
    {name: number for number, name in enumerate(_FUNCTION_NAMES)},
    {"PI": PRELUDE["PI"], "E": PRELUDE["E"]},  # type: ignore[dict-item]
)
_UNBOUND: Any = object()
_KINDS = {LET: "immutable let", CONST: "const"}
_NOT_CALLABLE = (
    "Cannot call non-function; the value being called is not callable. "
    "Pass a function, closure, or imported callable value instead."
)


def compile_text(text: str, repl: bool = False) -> Unit:
    """The compiled form of a program that has no syntax errors."""
    source = Source("test.ruff", text)
    return compile_program(parsed_program(source), source, BUILTINS, repl=repl)


def parsed_program(source: Source) -> Program:
    """The tree of a program without errors."""
    parsed = parse(source)
    assert parsed.program is not None, parsed.diagnostics
    problems = parsed.diagnostics or check_program(parsed.program)
    assert not problems, problems
    return parsed.program


def output_of(text: str) -> str:
    """What a program prints; an uncaught error is its last line."""
    stream = io.StringIO()
    model = Model(compile_text(text), stream)
    error = model.run()
    return stream.getvalue() + (f"error: {error.message}\n" if error else "")


class Cell:
    """A variable outside registers."""

    def __init__(self) -> None:
        self.value = _UNBOUND
        self.kind = 0

    def assign(self, name: str, value: Any) -> None:
        if self.value is not _UNBOUND and self.kind:
            raise RuffError(f"Cannot reassign {_KINDS[self.kind]} binding: {name}")
        self.value = value

    def read(self, name: str) -> Any:
        if self.value is _UNBOUND:
            raise RuffError(f"Undefined variable: {name}")
        return self.value

    def own(self, name: str) -> Any:
        value = self.read(name)
        if self.kind:
            raise RuffError(f"Cannot mutate {_KINDS[self.kind]} binding: {name}")
        self.value = _owned(value)
        return self.value


@dataclass(frozen=True, slots=True)
class Code:
    """What a function value of the model has in place of a scope."""

    chunk: Chunk
    cells: list[Cell]


def closure(chunk: Chunk, cells: list[Cell]) -> FunctionValue:
    """A function value of the reference evaluator that carries compiled code."""
    node: Any = SimpleNamespace(name=chunk.declared_name, is_generator=False, is_async=False, parameters=())
    code: Any = Code(chunk, cells)
    return FunctionValue(node, code, chunk.name)


def code_of(function: FunctionValue) -> Code:
    """The compiled code of a function value."""
    code: Any = function.scope
    assert isinstance(code, Code)
    return code


def definition(constant: StructConstant, closures: list[FunctionValue]) -> StructDefinition:
    """A struct definition; its defaults stand where the reference evaluator has the scope."""
    made = StructDefinition.__new__(StructDefinition)
    made.name = constant.name
    made.methods = dict(zip(constant.methods, closures, strict=False))
    defaults: Any = dict(zip(constant.defaults, closures[len(constant.methods) :], strict=True))
    made.scope = defaults
    return made


class _ModelMachine(Machine):
    """What built-ins know as the machine."""

    model: Model

    def call(self, function: Any, arguments: list[Any]) -> Any:
        return self.model.call(function, share_all(arguments), 0)


class Model:
    """Runs one unit."""

    def __init__(
        self, unit: Unit, stdout: io.StringIO, stdin: str = "", arguments: list[str] | None = None
    ) -> None:
        self.unit = unit
        self.machine = _ModelMachine(
            PRELUDE, Port(stdout), Port(io.StringIO()), Port(io.StringIO(stdin)), arguments or [], 10_000
        )
        self.machine.model = self
        self.globals = [Cell() for _ in unit.global_names]
        self.exit_code = 0

    def run(self) -> RuffError | None:
        """Runs the top level; the error that nobody caught, if any."""
        try:
            self.run_code(Code(self.unit.main, []), [])
        except RuffError as error:
            self.exit_code = 4
            return error
        except ExitRequest as request:
            self.exit_code = request.code
        return None

    # ------------------------------------------------------------------- calls

    def call(self, function: Any, arguments: list[Any], held: int, receiver: bool = False) -> Any:
        """Calls any value; bit `i` of `held` says that somebody keeps argument `i`."""
        if isinstance(function, NativeFunction):
            return self.call_builtin(function, arguments, held)
        if not isinstance(function, FunctionValue):
            raise RuffError(_NOT_CALLABLE)
        code = code_of(function)
        chunk = code.chunk
        if len(arguments) != chunk.parameter_count:
            expected, got = chunk.parameter_count - receiver, len(arguments) - receiver
            raise RuffError(f"{chunk.name} expects {expected} arguments, got {got}")
        for position, argument in enumerate(arguments):
            if held >> position & 1 and not chunk.lent >> position & 1:
                share(argument)
        names = self.machine.function_names
        if len(names) >= self.machine.max_depth:
            limit = self.machine.max_depth
            raise RuffError(f"Maximum VM call stack depth of {limit} exceeded while calling {chunk.name}")
        names.append(chunk.name)
        try:
            return self.run_code(code, arguments)
        finally:
            names.pop()

    def call_builtin(self, function: NativeFunction, arguments: list[Any], held: int) -> Any:
        first = arguments[0] if arguments else None
        if function.name in ("push", "append") and len(arguments) == 2 and isinstance(first, ArrayValue):
            for position, argument in enumerate(arguments):
                if held >> position & 1:
                    share(argument)
            array = _owned(first)
            array.items.append(arguments[1])
            array._length += 1
            return array
        if not function.only_looks:
            for position, argument in enumerate(arguments):
                if held >> position & 1:
                    share(argument)
        return call_native(self.machine, function, arguments)

    def call_method(self, receiver: Any, name: str, arguments: list[Any], held: int) -> Any:
        if isinstance(receiver, StructValue):
            method = receiver.method(name)
            if method is not None:
                return self.call(method, [receiver, *arguments], held, receiver=True)
            if name in receiver.fields:
                return self.call(receiver.fields[name], arguments, held >> 1)
        if isinstance(receiver, DictValue) and is_function(receiver.entries.get(name)):
            return self.call(receiver.entries[name], arguments, held >> 1)
        share_all([receiver, *arguments])
        return call_member(self.machine, receiver, name, arguments)

    def operate(self, operator: str, left: Any, right: Any) -> Any:
        if isinstance(left, StructValue):
            method = left.method(BINARY_METHODS[operator])
            if method is not None:
                result = self.call(method, [left, right], 3, receiver=True)
                return is_truthy(result) if operator in ("==", "!=") else result
            equality = left.method("op_eq")
            if operator == "!=" and equality is not None:
                return not is_truthy(self.call(equality, [left, right], 3, receiver=True))
        return binary(operator, left, right)

    def operate_unary(self, operator: str, operand: Any) -> Any:
        if isinstance(operand, StructValue):
            method = operand.method(UNARY_METHODS[operator])
            if method is not None:
                return self.call(method, [operand], 1, receiver=True)
        return negate(operand) if operator == "-" else logical_not(operand)

    # ------------------------------------------------------------------- execution

    def run_code(self, code: Code, arguments: list[Any]) -> Any:
        """Runs a function's code to its end; the result."""
        chunk = code.chunk
        frame = Frame(self, code, arguments)
        while True:
            start = frame.pc
            try:
                if frame.step():
                    return frame.result
            except RuffError as error:
                error.locate(chunk.spans[start], None, self.machine.function_names)
                for handler in chunk.handlers:
                    if handler.start <= start < handler.end:
                        frame.registers[handler.register] = error.as_value()
                        frame.pc = handler.target
                        break
                else:
                    raise


def _owned(value: Any) -> Any:
    return value.copy() if isinstance(value, Container) and value.shared else value


class Frame:
    """One activation: registers and position."""

    def __init__(self, model: Model, code: Code, arguments: list[Any]) -> None:
        self.model = model
        self.cells = code.cells
        self.chunk = code.chunk
        self.registers: list[Any] = [None] * self.chunk.register_count
        self.registers[: len(arguments)] = arguments
        self.pc = 0
        self.result: Any = None

    def step(self) -> bool:
        """Executes one instruction; whether the function has returned."""
        word = self.chunk.code[self.pc]
        instruction = unpack(word)
        opcode = OPCODES[instruction.number]
        start, self.pc = self.pc, self.pc + instruction_length(word)
        a, b, c = instruction.a, instruction.b, instruction.c
        name = opcode.name
        if name in ("RETURN", "RETURN_NULL"):
            self.result = self.registers[a] if name == "RETURN" else None
            return True
        if opcode.fields[-1] in "jJ":
            if self.should_jump(name, a, b):
                self.pc = start + (b if opcode.fields[-1] == "J" else c)
            return False
        _MEANINGS[name](self, a, b, c)
        return False

    def constant(self, index: int) -> Any:
        return self.chunk.constants[index]

    def cell(self, register: int) -> Cell:
        cell = self.registers[register]
        assert isinstance(cell, Cell)
        return cell

    def should_jump(self, name: str, a: int, b: int) -> bool:
        registers = self.registers
        if name in ("JUMP", "LOOP"):
            return True
        if name == "JUMP_IF_GLOBAL_BOUND":
            return self.model.globals[a].value is not _UNBOUND
        value = registers[a]
        if name == "JUMP_IF_BOUND":
            return (value.value if isinstance(value, Cell) else value) is not _UNBOUND
        if name == "FOR_NEXT":
            return self.next_item(a)
        if name == "RANGE_NEXT":
            return self.next_of_range(a)
        if name == "JUMP_IF_UNWRAPPED":
            return self.unwrap(a, registers[b])
        if name in _SIMPLE_TESTS:
            return _SIMPLE_TESTS[name](self, value, b)
        return self.compare(name, value, b)

    def compare(self, name: str, value: Any, b: int) -> bool:
        wanted = "_NOT_" not in name
        sign = _SIGNS[name.removeprefix("JUMP_IF_").removeprefix("NOT_").removesuffix("_IMM")]
        right = b if name.endswith("_IMM") else self.registers[b]
        return is_truthy(self.model.operate(sign, value, right)) == wanted

    def next_item(self, a: int) -> bool:
        item = next(self.registers[a + 1], _UNBOUND)
        if item is _UNBOUND:
            return True
        self.registers[a + 2] = item
        return False

    def next_of_range(self, a: int) -> bool:
        value, stop, step = self.registers[a : a + 3]
        if value >= stop if step > 0 else value <= stop:
            return True
        self.registers[a + 3] = value
        self.registers[a] = value + step
        return False

    def unwrap(self, a: int, operand: Any) -> bool:
        if not isinstance(operand, ResultValue):
            raise RuffError("Try operator requires Result or Option")
        if operand.variant in ("Err", "None"):
            return False
        self.registers[a] = operand.payload[0]
        return True


def _iterate(value: Any) -> Iterator[Any]:
    """The items of a container that stays what it is only if the compiler marked it."""
    if isinstance(value, ArrayValue):
        length = len(value)
        return (value.items[index] for index in range(length))
    return iter(known_items(value))


def _payload(value: Any) -> tuple[Any, ...]:
    return value.payload if isinstance(value, (ResultValue, TaggedValue)) else ()


_SIGNS = {"EQ": "==", "NE": "!=", "LT": "<", "LE": "<=", "GT": ">", "GE": ">="}
_VARIANTS = ("Ok", "Err", "Some", "None")
_SIMPLE_TESTS: dict[str, Callable[[Frame, Any, int], bool]] = {
    "JUMP_IF": lambda f, value, b: is_truthy(value),
    "JUMP_IF_NOT": lambda f, value, b: not is_truthy(value),
    "JUMP_IF_NULL": lambda f, value, b: value is None,
    "JUMP_IF_NOT_NULL": lambda f, value, b: value is not None,
    "JUMP_IF_NO_FIELD": lambda f, value, b: f.constant(b) not in value.fields,
    "JUMP_IF_NO_OPERATOR": lambda f, value, b: (
        not isinstance(value, StructValue) or value.method(f.constant(b)) is None
    ),
    "JUMP_IF_NOT_MATCH": lambda f, value, b: not equal(value, f.constant(b)),
    "JUMP_IF_NOT_VARIANT": lambda f, value, b: (
        not isinstance(value, ResultValue) or value.variant != _VARIANTS[b]
    ),
    "JUMP_IF_NOT_TAG": lambda f, value, b: (
        not isinstance(value, TaggedValue) or f"{value.enum}::{value.variant}" != f.constant(b)
    ),
    "JUMP_IF_NO_PAYLOAD": lambda f, value, b: len(_payload(value)) <= b,
}

_Meaning = Callable[[Frame, int, int, int], None]
_MEANINGS: dict[str, _Meaning] = {}


def _meaning(name: str) -> Callable[[_Meaning], _Meaning]:
    def register(function: _Meaning) -> _Meaning:
        _MEANINGS[name] = function
        return function

    return register


def _writes(name: str, value: Callable[[Frame, int, int], Any]) -> None:
    """An instruction that puts something made of operands B and C into register A."""

    def meaning(f: Frame, a: int, b: int, c: int) -> None:
        f.registers[a] = value(f, b, c)

    _MEANINGS[name] = meaning


_writes("LOAD_NULL", lambda f, b, c: None)
_writes("LOAD_TRUE", lambda f, b, c: True)
_writes("LOAD_FALSE", lambda f, b, c: False)
_writes("LOAD_INT", lambda f, b, c: b)
_writes("LOAD_CONST", lambda f, b, c: f.constant(b))
_writes("LOAD_UNBOUND", lambda f, b, c: _UNBOUND)
_writes("LOAD_BUILTIN", lambda f, b, c: PRELUDE[_FUNCTION_NAMES[b]])
_writes("MOVE", lambda f, b, c: f.registers[b])
_writes("COPY", lambda f, b, c: share(f.registers[b]))
_writes("NEW_CELL", lambda f, b, c: Cell())
_writes("GET_CELL", lambda f, b, c: f.cell(b).read(f.constant(c)))
_writes("OWN_CELL", lambda f, b, c: f.cell(b).own(f.constant(c)))
_writes("LOAD_CAPTURE", lambda f, b, c: f.cells[b])
_writes("GET_GLOBAL", lambda f, b, c: f.model.globals[b].read(f.model.unit.global_names[b]))
_writes("FIND_GLOBAL", lambda f, b, c: f.model.globals[b].value)
_writes("OWN_GLOBAL", lambda f, b, c: f.model.globals[b].own(f.model.unit.global_names[b]))
for _name, _sign in {"ADD": "+", "SUB": "-", "MUL": "*", "DIV": "/", "MOD": "%", **_SIGNS}.items():
    _writes(_name, lambda f, b, c, sign=_sign: (  # type: ignore[misc]
        f.model.operate(sign, f.registers[b], f.registers[c])
    ))
_writes("ADD_IMM", lambda f, b, c: f.model.operate("+", f.registers[b], c))
_writes("SUB_IMM", lambda f, b, c: f.model.operate("-", f.registers[b], c))
_writes("NEG", lambda f, b, c: f.model.operate_unary("-", f.registers[b]))
_writes("NOT", lambda f, b, c: f.model.operate_unary("!", f.registers[b]))
_writes("TRUTH", lambda f, b, c: is_truthy(f.registers[b]))
_writes("GET_INDEX", lambda f, b, c: read_index(f.registers[b], f.registers[c]))
_writes("GET_FIELD", lambda f, b, c: read_member(f.registers[b], f.constant(c)))
_writes("GET_FIELD_OPTIONAL", lambda f, b, c: read_optional_member(f.registers[b], f.constant(c)))
_writes("OWN_INDEX", lambda f, b, c: _own_step(f.registers[b], IndexStep(f.registers[c])))
_writes("OWN_FIELD", lambda f, b, c: _own_step(f.registers[b], MemberStep(f.constant(c))))
_writes("NEW_ARRAY", lambda f, b, c: ArrayValue(f.registers[b : b + c]))
_writes("NEW_DICT", lambda f, b, c: DictValue({}))
_writes("BUILD_STRING", lambda f, b, c: "".join(display(value) for value in f.registers[b : b + c]))
_writes("MAKE_OK", lambda f, b, c: ResultValue("Ok", (f.registers[b],)))
_writes("MAKE_ERR", lambda f, b, c: ResultValue("Err", (f.registers[b],)))
_writes("MAKE_SOME", lambda f, b, c: ResultValue("Some", (f.registers[b],)))
_writes("LOAD_NONE", lambda f, b, c: ResultValue("None", ()))
_writes("MAKE_ENUM", lambda f, b, c: EnumDefinition(f.constant(b).name))
_writes("PAYLOAD", lambda f, b, c: _payload(f.registers[b])[c])


def _own_step(base: Any, step: IndexStep | MemberStep) -> Any:
    assert not (isinstance(base, Container) and base.shared), "a step through a shared container"
    inner = step.read(base)
    if isinstance(inner, Container) and inner.shared:
        inner = inner.copy()
        step.write(base, inner)
    return inner


def _write_step(base: Any, step: IndexStep | MemberStep, value: Any) -> None:
    assert not (isinstance(base, Container) and base.shared), "a write into a shared container"
    step.write(base, value)


@_meaning("SHARE")
def _share(f: Frame, a: int, b: int, c: int) -> None:
    share(f.registers[a])


@_meaning("BOX")
def _box(f: Frame, a: int, b: int, c: int) -> None:
    cell = Cell()
    cell.value, f.registers[a] = f.registers[a], cell


@_meaning("BIND_CELL")
def _bind_cell(f: Frame, a: int, b: int, c: int) -> None:
    f.cell(a).value, f.cell(a).kind = f.registers[b], c


@_meaning("ASSIGN_CELL")
def _assign_cell(f: Frame, a: int, b: int, c: int) -> None:
    f.cell(a).assign(f.constant(c), f.registers[b])


@_meaning("DECLARE_GLOBAL")
def _declare_global(f: Frame, a: int, b: int, c: int) -> None:
    cell = f.model.globals[b]
    if cell.value is not _UNBOUND:
        raise RuffError(f"Duplicate declaration in the same scope: {f.model.unit.global_names[b]}")
    cell.value, cell.kind = f.registers[a], c


@_meaning("DEFINE_GLOBAL")
def _define_global(f: Frame, a: int, b: int, c: int) -> None:
    cell = f.model.globals[b]
    cell.value, cell.kind = f.registers[a], c


@_meaning("ASSIGN_GLOBAL")
def _assign_global(f: Frame, a: int, b: int, c: int) -> None:
    f.model.globals[b].assign(f.model.unit.global_names[b], f.registers[a])


@_meaning("CHECK_UNBOUND")
def _check_unbound(f: Frame, a: int, b: int, c: int) -> None:
    value = f.registers[a]
    if (value.value if isinstance(value, Cell) else value) is not _UNBOUND:
        raise RuffError(f"Duplicate declaration in the same scope: {f.constant(b)}")


@_meaning("CHECK_BOUND")
def _check_bound(f: Frame, a: int, b: int, c: int) -> None:
    if f.registers[a] is _UNBOUND:
        raise RuffError(f"Undefined variable: {f.constant(b)}")


@_meaning("APPEND")
def _append(f: Frame, a: int, b: int, c: int) -> None:
    f.registers[a] = f.model.operate("+", f.registers[a], f.registers[b])


@_meaning("APPEND_TEXTS")
def _append_texts(f: Frame, a: int, b: int, c: int) -> None:
    text = "".join(display(value) for value in f.registers[b : b + c])
    f.registers[a] = f.model.operate("+", f.registers[a], text)


@_meaning("COMPLETE")
def _complete(f: Frame, a: int, b: int, c: int) -> None:
    """Here a string under construction is a string like any other."""


@_meaning("SET_INDEX")
def _set_index(f: Frame, a: int, b: int, c: int) -> None:
    _write_step(f.registers[a], IndexStep(f.registers[b]), f.registers[c])


@_meaning("SET_FIELD")
def _set_field(f: Frame, a: int, b: int, c: int) -> None:
    _write_step(f.registers[a], MemberStep(f.constant(b)), f.registers[c])


@_meaning("OWN")
def _own(f: Frame, a: int, b: int, c: int) -> None:
    f.registers[a] = _owned(f.registers[a])


@_meaning("SHARE_PART")
def _share_part(f: Frame, a: int, b: int, c: int) -> None:
    share_all([f.registers[b]])


@_meaning("ARRAY_PUSH")
def _array_push(f: Frame, a: int, b: int, c: int) -> None:
    f.registers[a] = ArrayValue([*f.registers[a].items, f.registers[b]])


@_meaning("ARRAY_EXTEND")
def _array_extend(f: Frame, a: int, b: int, c: int) -> None:
    if not isinstance(f.registers[b], ArrayValue):
        raise RuffError("Can only spread arrays")
    f.registers[a] = ArrayValue([*f.registers[a].items, *share_all(f.registers[b].items)])


@_meaning("DICT_ADD")
@_meaning("DICT_SET")
def _dict_set(f: Frame, a: int, b: int, c: int) -> None:
    key = dict_key(f.registers[b])
    if key is None:
        raise RuffError("Dict keys must be strings")
    f.registers[a].entries[key] = f.registers[c]


@_meaning("DICT_EXTEND")
def _dict_extend(f: Frame, a: int, b: int, c: int) -> None:
    source = f.registers[b]
    if not isinstance(source, DictValue):
        raise RuffError("Can only spread dicts")
    share_all(source.entries.values())
    f.registers[a].entries.update(source.entries)


@_meaning("MAKE_TAGGED")
def _make_tagged(f: Frame, a: int, b: int, c: int) -> None:
    enum, _, variant = f.constant(b).partition("::")
    f.registers[a] = TaggedValue(enum, variant, tuple(f.registers[a : a + c]))


@_meaning("DESTRUCTURE_ARRAY")
def _destructure_array(f: Frame, a: int, b: int, c: int) -> None:
    value, count = f.registers[b], c >> 1
    if not isinstance(value, (ArrayValue, type(None))):
        raise RuffError(f"Cannot destructure {operand_name(value)} as array")
    items = [] if value is None else list(value.items)
    if value is not None and value.shared:
        share_all(items)
    f.registers[a : a + count] = [*items, *[None] * count][:count]
    if c & 1:
        f.registers[a + count] = array_of(items[count:])


@_meaning("DESTRUCTURE_DICT")
def _destructure_dict(f: Frame, a: int, b: int, c: int) -> None:
    value, names = f.registers[b], f.constant(c)
    if not isinstance(value, (DictValue, type(None))):
        raise RuffError(f"Cannot destructure {operand_name(value)} as dict")
    entries = {} if value is None else value.entries
    if value is not None and value.shared:
        share_all(entries.values())
    for position, name in enumerate(names.names):
        f.registers[a + position] = entries.get(name)
    if names.rest:
        rest = {key: item for key, item in entries.items() if key not in names.names}
        share_all(rest.values())
        f.registers[a + len(names.names)] = DictValue(rest)


@_meaning("MAKE_STRUCT")
def _make_struct(f: Frame, a: int, b: int, c: int) -> None:
    constant = f.constant(b)
    count = len(constant.methods) + len(constant.defaults)
    f.registers[a] = definition(constant, f.registers[c : c + count])


@_meaning("NEW_STRUCT")
def _new_struct(f: Frame, a: int, b: int, c: int) -> None:
    literal = f.constant(b)
    assert isinstance(literal, LiteralConstant)
    fields = dict(zip(literal.fields, f.registers[c : c + len(literal.fields)], strict=True))
    found = f.registers[a] if isinstance(f.registers[a], StructDefinition) else None
    if found is not None:
        defaults: Any = found.scope
        for name, default in defaults.items():
            if name not in fields:
                fields[name] = f.model.run_code(code_of(default), [])
    f.registers[a] = StructValue(literal.name, found, fields)


@_meaning("MAKE_FUNCTION")
def _make_function(f: Frame, a: int, b: int, c: int) -> None:
    chunk = f.constant(b)
    f.registers[a] = closure(chunk, [f.cell(register) for register in chunk.captures])


@_meaning("CALL")
def _call(f: Frame, a: int, b: int, c: int) -> None:
    f.registers[a] = f.model.call(f.registers[a], f.registers[a + 2 : a + 2 + b], c)


@_meaning("CALL_METHOD")
def _call_method(f: Frame, a: int, b: int, c: int) -> None:
    held = f.chunk.code[f.pc - BY_NAME["CALL_METHOD"].cache_words]
    arguments = f.registers[a + 3 : a + 3 + c]
    f.registers[a] = f.model.call_method(f.registers[a + 2], f.constant(b), arguments, held)


@_meaning("CALL_BUILTIN")
def _call_builtin(f: Frame, a: int, b: int, c: int) -> None:
    function = PRELUDE[_FUNCTION_NAMES[b]]
    assert isinstance(function, NativeFunction)
    f.registers[a] = f.model.call_builtin(function, f.registers[a : a + c], f.chunk.code[f.pc - 1])


@_meaning("TAKE_APART")
def _take_apart(f: Frame, a: int, b: int, c: int) -> None:
    _call_builtin(f, a, b, c)
    _destructure_array(f, a, a, 4)


@_meaning("CHECK_PIPE")
def _check_pipe(f: Frame, a: int, b: int, c: int) -> None:
    if not is_function(f.registers[a]):
        raise RuffError("Pipe operator requires a function on the right side")


@_meaning("FOR_PREPARE")
def _for_prepare(f: Frame, a: int, b: int, c: int) -> None:
    f.registers[a + 1] = _iterate(f.registers[a])


@_meaning("RANGE_PREPARE")
def _range_prepare(f: Frame, a: int, b: int, c: int) -> None:
    numbers = numbers_of_range(f.registers[a : a + b])
    f.registers[a : a + 3] = [numbers.start, numbers.stop, numbers.step]


@_meaning("THROW")
def _throw(f: Frame, a: int, b: int, c: int) -> None:
    value = f.registers[a]
    raise thrown(value, "" if isinstance(value, StructValue) else display(value))


@_meaning("RAISE")
def _raise(f: Frame, a: int, b: int, c: int) -> None:
    raise RuffError(f.constant(b))
