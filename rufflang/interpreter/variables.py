"""Loads, moves, cells and globals."""

from __future__ import annotations

from rufflang.interpreter.feedback import record_clone, record_kind
from rufflang.interpreter.table import opcode
from rufflang.lowpy import Ptr, Raised, cast, function, i64, likely, literal, u32, u64, unlikely, word
from rufflang.runtime.errors import raise_about
from rufflang.runtime.frames import frame_function
from rufflang.runtime.heap import allocate
from rufflang.runtime.marking import is_shared, share
from rufflang.runtime.objects import CellObject, StringObject
from rufflang.runtime.sharing import own
from rufflang.runtime.values import BOOL, CELL, ERROR, INT, NATIVE, NULL, UNBOUND, Value
from rufflang.runtime.vm import VM

MUTABLE = 0
LET = 1
CONST = 2
CELL_SIZE = 32


@opcode("LOAD_NULL")
@function
def load_null(vm: VM) -> Value:
    return Value(NULL, 0)


@opcode("LOAD_TRUE")
@function
def load_true(vm: VM) -> Value:
    return Value(BOOL, 1)


@opcode("LOAD_FALSE")
@function
def load_false(vm: VM) -> Value:
    return Value(BOOL, 0)


@opcode("LOAD_INT")
@function
def load_int(vm: VM, number: i64) -> Value:
    return Value(INT, number)


@opcode("LOAD_CONST", "MOVE")
@function
def move(vm: VM, value: Value) -> Value:
    return value


@opcode("LOAD_UNBOUND")
@function
def load_unbound(vm: VM) -> Value:
    return Value(UNBOUND, 0)


@opcode("LOAD_BUILTIN")
@function
def load_builtin(vm: VM, number: i64) -> Value:
    closure = vm.builtins[number].closure
    if closure.tag != UNBOUND:
        return closure
    return Value(NATIVE, number)


@opcode("COPY")
@function
def copy(vm: VM, value: Value) -> Value:
    share(value)
    return value


@opcode("SHARE")
@function
def share_register(vm: VM, value: Value) -> None:
    share(value)


@function
def new_cell(vm: VM, value: Value) -> Value:
    cell = cast(CellObject, allocate(vm, CELL_SIZE, CELL))
    cell.value = value
    return Value(CELL, word(cell))


@opcode("NEW_CELL")
@function
def new_unbound_cell(vm: VM) -> Value:
    return new_cell(vm, Value(UNBOUND, 0))


@opcode("BOX")
@function
def box(vm: VM, value: Value) -> Value:
    return new_cell(vm, value)


@function(cold=True)
def raise_undefined(vm: VM, name: StringObject) -> Raised:
    return raise_about(vm, literal("Undefined variable: "), name)


@function(cold=True)
def raise_reassigned(vm: VM, kind: i64, name: StringObject) -> Raised:
    if kind == LET:
        return raise_about(vm, literal("Cannot reassign immutable let binding: "), name)
    return raise_about(vm, literal("Cannot reassign const binding: "), name)


@function(cold=True)
def raise_mutated(vm: VM, kind: i64, name: StringObject) -> Raised:
    if kind == LET:
        return raise_about(vm, literal("Cannot mutate immutable let binding: "), name)
    return raise_about(vm, literal("Cannot mutate const binding: "), name)


@function(cold=True)
def raise_duplicate(vm: VM, name: StringObject) -> Raised:
    return raise_about(vm, literal("Duplicate declaration in the same scope: "), name)


@function
def read_cell(vm: VM, holder: Value, name: Value) -> Value:
    """What is in a captured variable's cell."""
    value = cast(CellObject, holder.payload).value
    if unlikely(value.tag == UNBOUND):
        return raise_undefined(vm, cast(StringObject, name.payload))
    return value


@opcode("GET_CELL", without_feedback=read_cell)
@function
def get_cell(vm: VM, holder: Value, name: Value, cache: Ptr[u64]) -> Value:
    value = read_cell(vm, holder, name)
    record_kind(cache, value)
    return value


@opcode("BIND_CELL")
@function
def bind_cell(vm: VM, holder: Value, value: Value, kind: i64) -> None:
    cell = cast(CellObject, holder.payload)
    cell.value = value
    cell.aux = u32(kind)


@opcode("ASSIGN_CELL")
@function
def assign_cell(vm: VM, holder: Value, value: Value, name: Value) -> Value:
    cell = cast(CellObject, holder.payload)
    if unlikely(cell.aux != MUTABLE and cell.value.tag != UNBOUND):
        return raise_reassigned(vm, i64(cell.aux), cast(StringObject, name.payload))
    cell.value = value
    return value


@function
def own_cell_content(vm: VM, cell: CellObject, name: StringObject) -> Value:
    """The cell's container, cloned into the cell first if others hold it too."""
    if unlikely(cell.value.tag == UNBOUND):
        return raise_undefined(vm, name)
    if unlikely(cell.aux != MUTABLE):
        return raise_mutated(vm, i64(cell.aux), name)
    value = own(vm, cell.value)
    if value.tag != ERROR and value.payload != cell.value.payload:
        cell.value = value
    return value


@function(inline=True)
def may_be_written(cell: CellObject) -> bool:
    """Whether a cell is mutable, and what is in it needs no clone to be written."""
    return cell.aux == MUTABLE and cell.value.tag != UNBOUND and not is_shared(cell.value)


@function
def own_noting(vm: VM, cell: CellObject, name: StringObject, cache: Ptr[u64]) -> Value:
    """As `own_cell_content`; what comes of it is noted."""
    if is_shared(cell.value):
        record_clone(cache)
    value = own_cell_content(vm, cell, name)
    record_kind(cache, value)
    return value


@function
def own_held(vm: VM, holder: Value, name: Value) -> Value:
    """The container in a captured variable's cell, made writable."""
    return own_cell_content(vm, cast(CellObject, holder.payload), cast(StringObject, name.payload))


@opcode("OWN_CELL", without_feedback=own_held)
@function
def own_cell(vm: VM, holder: Value, name: Value, cache: Ptr[u64]) -> Value:
    cell = cast(CellObject, holder.payload)
    if likely(may_be_written(cell)):
        record_kind(cache, cell.value)
        return cell.value
    return own_noting(vm, cell, cast(StringObject, name.payload), cache)


@opcode("LOAD_CAPTURE")
@function
def load_capture(vm: VM, number: i64, registers: Ptr[Value]) -> Value:
    return Value(CELL, word(frame_function(registers).captures[number]))


@opcode("GET_GLOBAL")
@function
def get_global(vm: VM, cell: CellObject) -> Value:
    value = cell.value
    if unlikely(value.tag == UNBOUND):
        return raise_undefined(vm, cell.name)
    return value


@opcode("FIND_GLOBAL")
@function
def find_global(vm: VM, cell: CellObject) -> Value:
    return cell.value


@opcode("DECLARE_GLOBAL")
@function
def declare_global(vm: VM, value: Value, cell: CellObject, kind: i64) -> Value:
    if unlikely(cell.value.tag != UNBOUND):
        return raise_duplicate(vm, cell.name)
    cell.value = value
    cell.aux = u32(kind)
    return value


@opcode("DEFINE_GLOBAL")
@function
def define_global(vm: VM, value: Value, cell: CellObject, kind: i64) -> None:
    cell.value = value
    cell.aux = u32(kind)


@opcode("ASSIGN_GLOBAL")
@function
def assign_global(vm: VM, value: Value, cell: CellObject) -> Value:
    if unlikely(cell.aux != MUTABLE):
        return raise_reassigned(vm, i64(cell.aux), cell.name)
    cell.value = value
    return value


@function
def own_named(vm: VM, cell: CellObject) -> Value:
    """The container in a global's cell, made writable."""
    return own_cell_content(vm, cell, cell.name)


@opcode("OWN_GLOBAL", without_feedback=own_named)
@function
def own_global(vm: VM, cell: CellObject, cache: Ptr[u64]) -> Value:
    if likely(may_be_written(cell)):
        record_kind(cache, cell.value)
        return cell.value
    return own_noting(vm, cell, cell.name, cache)


@function(inline=True)
def is_bound(value: Value) -> bool:
    """Whether a variable's register, or the cell in it, has a value."""
    if value.tag == CELL:
        return cast(CellObject, value.payload).value.tag != UNBOUND
    return value.tag != UNBOUND


@opcode("JUMP_IF_BOUND")
@function
def jump_if_bound(vm: VM, value: Value) -> bool:
    return is_bound(value)


@opcode("JUMP_IF_GLOBAL_BOUND")
@function
def jump_if_global_bound(vm: VM, cell: CellObject) -> bool:
    return cell.value.tag != UNBOUND


@opcode("CHECK_UNBOUND")
@function
def check_unbound(vm: VM, value: Value, name: Value) -> Value:
    if unlikely(is_bound(value)):
        return raise_duplicate(vm, cast(StringObject, name.payload))
    return value


@opcode("CHECK_BOUND")
@function
def check_bound(vm: VM, value: Value, name: Value) -> Value:
    if unlikely(value.tag == UNBOUND):
        return raise_undefined(vm, cast(StringObject, name.payload))
    return value
