"""One VM: created, furnished with builtins, fed with units, run on a thread with a deep stack."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass

from rufflang.bytecode.chunk import Unit
from rufflang.bytecode.prelude import BuiltinTable
from rufflang.host.callbacks import HostCallbacks
from rufflang.host.native import NativeFunctions
from rufflang.host.unit_loader import LoadedUnit, UnitLoader
from rufflang.interpreter.native_library import load
from rufflang.jit.manager import JitManager
from rufflang.run_options import RunOptions
from rufflang.runtime.builtins.registry import builtin_numbers
from rufflang.stdlib.prelude import CONSTANTS, PRELUDE_ARITY, PRELUDE_NAMES

NATIVE_STACK_BYTES = 512 << 20
_STACK_RESERVE = 1 << 20
VALUE_STACK_BYTES = 1 << 30
_NEVER = (1 << 63) - 1
DEFAULT_LOOP_THRESHOLD = 1000

ERROR_TAG = 30
STOP_INTERRUPT = 1
FATAL_INTERRUPT, FATAL_MEMORY, FATAL_DEADLINE, FATAL_EXIT = 1, 2, 3, 4

OPERATORS = (
    ("op_add", "+"), ("op_sub", "-"), ("op_mul", "*"), ("op_div", "/"), ("op_mod", "%"), ("op_eq", "=="),
    ("op_ne", "!="), ("op_lt", "<"), ("op_le", "<="), ("op_gt", ">"), ("op_ge", ">="), ("op_neg", "-"), ("op_not", "!"),
)  # fmt: skip
METHODS = (
    "len upper lower to_upper to_lower capitalize trim trim_start trim_end char_at substring replace replace_str "
    "starts_with ends_with contains index_of is_empty count_chars split",
    "len is_empty contains reduce skip zip enumerate flatten chunk",
    "len has_key",
)
"""Builtins that may be written as methods of strings, arrays and dicts."""


@dataclass(frozen=True, slots=True)
class MachineError:
    """An error that nothing in the program caught."""

    message: str
    line: int
    column: int
    call_stack: list[str]
    kind: int


class Machine:
    """A VM and everything around it that must live as long."""

    def __init__(self, options: RunOptions) -> None:
        library, self._rows = load()
        self.functions = NativeFunctions(library)
        self.options = options
        stress = 1 if os.environ.get("RUFFLANG_GC") == "stress" else 0
        self.vm = self.functions.vm_new(VALUE_STACK_BYTES, options.max_memory_bytes or 0, stress)
        if not self.vm:
            raise MemoryError("no memory for a VM")
        self.callbacks = HostCallbacks(self.functions)
        self.loader = UnitLoader(self.functions, self.vm)
        numbers = builtin_numbers(self._rows)
        numbers.update({name: len(self._rows) + index for index, name in enumerate(PRELUDE_NAMES)})
        self.builtins = BuiltinTable(numbers, CONSTANTS, frozenset(PRELUDE_NAMES))
        self.units: list[LoadedUnit] = []
        self.jit: JitManager | None = None
        if options.jit != "off":
            self.jit = JitManager(library, self.vm, self.loader.chunks, options.jit, options.jit_threshold)

    def furnish(self) -> None:
        """Registers builtins, methods, operators and callbacks.  Must run on the VM's thread."""
        functions, vm = self.functions, self.vm
        here = functions.ruff_stack_address()
        off = self.options.jit == "off"
        functions.ruff_configure(
            vm, self.options.max_call_depth, _NEVER if off else self.options.jit_threshold,
            _NEVER if off else DEFAULT_LOOP_THRESHOLD, here, NATIVE_STACK_BYTES - _STACK_RESERVE,
        )  # fmt: skip
        functions.ruff_set_callbacks(
            vm, self.callbacks.write, self.callbacks.call, self.callbacks.text,
            self.jit and self.jit.request_address, self.jit and self.jit.entered_address,
            functions.library.address("ruff_interpret"),
        )  # fmt: skip
        functions.ruff_prepare(vm)
        self._add_builtins()
        for argument in self.options.arguments:
            text = argument.encode()
            functions.ruff_add_argument(vm, text, len(text))

    def _add_builtins(self) -> None:
        functions, vm = self.functions, self.vm
        functions.ruff_reserve_builtins(vm, len(self._rows) + len(PRELUDE_NAMES))
        for row in self._rows:
            code = functions.library.address(row.symbol) if row.symbol else None
            lent = row.lent if row.lent < 1 << 63 else row.lent - (1 << 64)
            name = row.name.encode()
            functions.ruff_add_builtin(vm, code, name, len(name), row.minimum, row.maximum, lent, row.arity_style)
        for name in PRELUDE_NAMES:
            count = PRELUDE_ARITY[name]
            functions.ruff_add_builtin(vm, None, name.encode(), len(name), count, count, 0, 1)
        for table, names in enumerate(METHODS):
            for name in (item for item in names.split() if item in self.builtins.numbers):
                functions.ruff_set_method(vm, table, name.encode(), len(name), self.builtins.numbers[name])
        for number, (method, sign) in enumerate(OPERATORS):
            functions.ruff_set_operator(vm, number, method.encode(), len(method), sign.encode(), len(sign))

    def load_prelude(self, unit: Unit) -> None:
        """Loads and runs the Ruff part of the prelude, and connects its functions to their numbers."""
        loaded = self.loader.load(unit, hidden=True)
        self.units.append(loaded)
        if self.functions.ruff_run(self.vm, loaded.main.address) == ERROR_TAG:
            raise RuntimeError(f"the prelude failed: {self.error().message}")
        base = len(loaded.main.chunk.constants)
        for index, name in enumerate(PRELUDE_NAMES):
            constant = base + unit.global_names.index(name)
            self.functions.ruff_set_builtin_closure(
                self.vm, len(self._rows) + index, loaded.main.address, constant
            )

    def run(self, unit: Unit) -> bool:
        """Runs a unit's top level; False when an error is in flight afterwards."""
        loaded = self.loader.load(unit)
        self.units.append(loaded)
        tag = self.functions.ruff_run(self.vm, loaded.main.address)
        self.functions.vm_flush_output(self.vm)
        return bool(tag != ERROR_TAG)

    def error(self) -> MachineError:
        """The error in flight."""
        functions, vm = self.functions, self.vm
        kind = functions.ruff_error_kind(vm)
        position = functions.ruff_error_position(vm)
        names: list[str] = []
        if kind == 0:
            for index in range(functions.ruff_error_stack_size(vm)):
                string = functions.ruff_error_stack_name(vm, index)
                names.append(functions.text(string) if string else "?")
        message = functions.text(functions.ruff_error_message(vm))
        return MachineError(message, position >> 32, position & 0xFFFFFFFF, names, kind)

    def close(self) -> None:
        """Frees the VM's memory; it must not be used afterwards."""
        if self.jit is not None:
            self.jit.close()
        self.functions.vm_free(self.vm)


def on_deep_stack(task: Callable[[], None], interrupt: Callable[[], None]) -> None:
    """Runs a task on a thread with a deep native stack; Ctrl-C meanwhile calls `interrupt`.

    Raises what the task raised.
    """
    failure: list[BaseException] = []
    done = threading.Event()

    def body() -> None:
        try:
            task()
        except BaseException as problem:
            failure.append(problem)
        finally:
            done.set()

    previous = threading.stack_size(NATIVE_STACK_BYTES)
    try:
        thread = threading.Thread(target=body, daemon=True)
        thread.start()
    finally:
        threading.stack_size(previous)
    # Not `thread.join`: once interrupted, it takes the thread for finished.
    while not done.is_set():
        try:
            done.wait()
        except KeyboardInterrupt:
            interrupt()
    if failure:
        raise failure[0]

