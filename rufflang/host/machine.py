"""One VM: created, furnished with builtins, fed with units, run."""

from __future__ import annotations

import os
from time import monotonic

from rufflang.host.address_space import LEAST_STACK_BYTES, Sizes, room_left, sizes_for_block, sizes_for_program
from rufflang.host.callbacks import HostCallbacks
from rufflang.host.compiled_unit import CompiledUnit, LoadedUnit, UnitLoader
from rufflang.host.deep_stack import Running
from rufflang.host.jit_link import JitLink
from rufflang.host.memory import default_memory_limit
from rufflang.host.native import IMPORT_CALLBACK, SPAWN_CALLBACK, NativeFunctions
from rufflang.interpreter.foreign import address_of
from rufflang.interpreter.native_library import NativeRuntime, load
from rufflang.run_options import RunOptions
from rufflang.stdlib.prelude import PRELUDE_ARITY, PRELUDE_METHODS, PRELUDE_NAMES, builtin_table

# Type checkers take this for true; importing `typing` to say so would slow down every start.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from rufflang.bytecode.prelude import BuiltinTable
    from rufflang.host.imports import ImportedModules
    from rufflang.host.machine_errors import MachineError
    from rufflang.host.profiling import Profiler
    from rufflang.host.spawned_blocks import SpawnedBlocks
    from rufflang.syntax.source import Source

_NEVER = (1 << 63) - 1

ERROR_TAG = 30
IMPORT_BEGIN, IMPORT_ABANDON = 0, 2
STOP_INTERRUPT, STOP_DEADLINE = 1, 4


class Machine:
    """A VM and everything around it that must live as long; `entry` is the path of the script it runs.

    `parent` is the VM in which the block that this one is for was spawned; `identity` tells the VMs of
    one program apart.
    """

    def __init__(
        self,
        options: RunOptions,
        entry: str,
        runtime: NativeRuntime | None = None,
        *,
        parent: Machine | None = None,
        identity: int = 1,
    ) -> None:
        self.runtime = runtime or load()
        library = self.runtime.library
        self.functions: NativeFunctions = NativeFunctions(library) if parent is None else parent.functions
        self.identity = identity
        self.blocks: SpawnedBlocks | None = None if parent is None else parent.blocks
        self.running = Running()
        self.profiler: Profiler | None = None if parent is None else parent.profiler
        self.report_block_error: Callable[[MachineError], None] | None = None
        self._spawn = SPAWN_CALLBACK(self._on_spawn)
        self._import = IMPORT_CALLBACK(self._on_import)
        self.options = options
        room = room_left(self.functions)
        self.sizes: Sizes = sizes_for_program(room) if parent is None else sizes_for_block(room)
        self.vm = self._new_vm(options.max_memory_bytes or default_memory_limit())
        self.functions.ruff_join_program(self.vm, identity, address_of(self._spawn), parent and parent.vm)
        self.callbacks = HostCallbacks(self.functions, self._denial)
        self.entry = entry
        self.fresh_modules: list[tuple[str, str, CompiledUnit]] = [] if parent is None else parent.fresh_modules
        """Path, text and bytecode of the modules that the program had to compile."""
        self._imports: ImportedModules | None = None
        self.has_prelude = False
        self.loader = UnitLoader(self.functions, self.vm)
        self.jit: JitLink | None = None
        self._started: float | None = None
        if options.jit != "off":
            version = self.runtime.stamp.package
            settings = (options.jit, options.jit_threshold, version, options.fuel is not None)
            self.jit = JitLink(library, self.vm, self.loader, *settings)

    def _new_vm(self, memory_limit: int) -> int:
        """A VM, with a smaller value stack where the process may not have that much address space."""
        stack_bytes = self.sizes.value_stack
        while stack_bytes >= LEAST_STACK_BYTES:
            vm: int | None = self.functions.vm_new(stack_bytes, self.sizes.heap, memory_limit, _stress())
            if vm:
                return vm
            stack_bytes >>= 1
        raise MemoryError("this process may not have enough memory to run a program")

    def builtin_table(self) -> BuiltinTable:
        """What the compiler has to know about builtins."""
        from rufflang.runtime.builtins.registry import builtin_numbers

        rows = self.runtime.rows
        return builtin_table(builtin_numbers(rows), len(rows))

    def furnish(self) -> None:
        """Registers builtins, callbacks, limits and arguments.  Must run on the VM's thread."""
        functions, vm, options = self.functions, self.vm, self.options
        thresholds = (_NEVER, _NEVER) if self.jit is None else (options.jit_threshold, options.loop_threshold)
        functions.ruff_configure(vm, options.max_call_depth, *thresholds)
        functions.ruff_configure_tasks(vm, options.scheduler_timeout_ms)
        functions.ruff_set_callbacks(
            vm, self.callbacks.write, None, self.callbacks.text,
            self.jit and self.jit.request_address, self.jit and self.jit.entered_address,
            functions.library.address("ruff_interpret"),
        )  # fmt: skip
        if "RUFFLANG_JIT_CHECK" in os.environ:
            from rufflang.host.self_checks import SelfChecks

            self._checks = SelfChecks(functions, vm, self.loader)
        functions.ruff_set_import_callback(vm, address_of(self._import))
        if self.callbacks.is_watched():
            functions.ruff_write_at_once(vm)
        functions.ruff_furnish(vm, functions.library.address("ruff_tables"), len(PRELUDE_NAMES))
        self._add_prelude()
        if not options.capabilities.trusted:
            self._deny()
        for argument in options.arguments:
            text = argument.encode()
            functions.ruff_add_argument(vm, text, len(text))

    def _add_prelude(self) -> None:
        functions, vm = self.functions, self.vm
        self.prelude_numbers = {}
        for name in PRELUDE_NAMES:
            text = name.encode()
            number = functions.ruff_add_prelude_builtin(vm, text, len(text), PRELUDE_ARITY[name])
            self.prelude_numbers[name] = number
        for table, name in PRELUDE_METHODS:
            functions.ruff_add_method(vm, table, name.encode(), len(name), self.prelude_numbers[name])

    def _deny(self) -> None:
        from rufflang.runtime.builtins.registry import CAPABILITIES

        allows = self.options.capabilities.allows
        denied = sum(1 << number for number, name in enumerate(CAPABILITIES) if not allows(name))
        self.functions.ruff_deny(self.vm, denied)

    def _denial(self, name: str) -> str:
        """The message of the error raised by a builtin that is denied."""
        row = next(row for row in self.runtime.rows if row.name == name)
        assert row.capability is not None
        return self.options.capabilities.denial(row.capability, name)

    @property
    def imports(self) -> ImportedModules:
        """The modules of the program; most programs have none."""
        if self._imports is None:
            from rufflang.host.imports import ImportedModules

            self._imports = ImportedModules(self)
        return self._imports

    def _on_import(self, vm: int, operation: int, subject: int | None, detail: int) -> int:
        """Begins or finishes an import, or gives one up, as `runtime.import_ends` says."""
        if operation == IMPORT_BEGIN:
            assert subject
            return self.imports.begin(self.functions.text(subject), detail)
        if operation == IMPORT_ABANDON:
            self.imports.abandon(detail)
            return 0
        return self.imports.finish(subject or 0, bool(detail))

    @property
    def fault(self) -> BaseException | None:
        """Why the host had to stop the program."""
        in_block = None if self.blocks is None else self.blocks.fault
        in_import = None if self._imports is None else self._imports.fault
        return self.callbacks.output_error or in_import or in_block

    def need_prelude(self, source: Source) -> None:
        """Loads the Ruff part of the prelude if a file that will run mentions any of it."""
        if self.has_prelude or not any(name in source.text for name in PRELUDE_NAMES):
            return
        from rufflang.host.prelude_unit import load_prelude, prelude_unit

        load_prelude(self, prelude_unit(self))

    def load(self, compiled: CompiledUnit, source: Source | None) -> LoadedUnit:
        """Puts a compiled file into the VM."""
        loaded = self.loader.load(compiled, source)
        self.loader.program = self.loader.program or loaded
        return loaded

    def run(self, loaded: LoadedUnit) -> bool:
        """Runs a unit's top level; False when an error is in flight afterwards."""
        if self._imports is not None:
            self._imports.abandon_all()
        self._set_limits()
        self._started = monotonic()
        tag = self.functions.ruff_run(self.vm, loaded.address)
        self._finish()
        return bool(tag != ERROR_TAG)

    def _set_limits(self) -> None:
        """What counts from the first statement on."""
        if failing := _failing_allocation():
            self.functions.heap_fail_at(self.vm, failing)
        if self.options.fuel is not None:
            self.functions.ruff_set_fuel(self.vm, self.options.fuel)
        if self.profiler is not None:
            self.profiler.begin(self)

    def _finish(self) -> None:
        """What has to be done after the last statement."""
        if self.profiler is not None:
            self.profiler.stop(self)
        self.flush_output()

    def _on_spawn(self, vm: int, block: int) -> int:
        """Starts a spawned block, given its snapshot; 0 if that worked."""
        if self.blocks is None:
            from rufflang.host.spawned_blocks import SpawnedBlocks

            self.blocks = SpawnedBlocks(self)
        return int(not self.blocks.start(self, block))

    def set_up_block(self, parent_units: list[LoadedUnit]) -> None:
        """Prepares for a spawned block, given what its parent has loaded.  Must run on the VM's thread."""
        self.furnish()
        for unit in parent_units:
            if unit.is_prelude:
                from rufflang.host.prelude_unit import load_prelude

                load_prelude(self, unit.compiled)
            else:
                self.load(unit.compiled, unit.source)

    def run_block(self, block: int) -> bool:
        """Runs a spawned block, given its snapshot; like `run`."""
        self._set_limits()
        tag = self.functions.ruff_run_block(self.vm, block)
        self._finish()
        return bool(tag != ERROR_TAG)

    def flush_output(self) -> None:
        """Hands on what the program has printed so far."""
        self.functions.vm_flush_output(self.vm)

    def interrupt(self) -> None:
        """Makes the running program stop soon; may be called from any thread."""
        self.functions.ruff_request_stop(self.vm, STOP_INTERRUPT)

    def time_left(self) -> float:
        """Seconds until the running program's time is over; all of them before it has begun."""
        seconds = self.options.timeout_seconds
        assert seconds is not None
        return seconds if self._started is None else self._started + seconds - monotonic()

    def expire(self) -> None:
        """Makes the running program stop soon because its time is over; may be called from any thread."""
        self.functions.ruff_request_stop(self.vm, STOP_DEADLINE)

    def error(self) -> MachineError:
        """The error in flight."""
        from rufflang.host.machine_errors import error_in_flight

        return error_in_flight(self)

    def close(self) -> None:
        """Frees the VM's memory; it must not be used afterwards."""
        if self.jit is not None:
            is_alone = self.options.has_own_process and self.blocks is None and self.profiler is None
            self.jit.close(may_leave_a_copy=is_alone)
        if self.blocks is None or (self.blocks.main is self and not self.blocks.are_running()):
            self.functions.ruff_free_exchange(self.vm)
        self.functions.vm_free(self.vm)


def _failing_allocation() -> int:
    """With which allocation the memory limit counts as reached, for the sake of testing; 0 for none."""
    for word in os.environ.get("RUFFLANG_GC", "").split(","):
        name, _, number = word.partition(":")
        if name == "fail" and number.isascii() and number.isdigit():
            return int(number)
    return 0


def _stress() -> int:
    """How often the collector runs for the sake of testing: at every n-th allocation, 0 for never."""
    return 1 if "stress" in os.environ.get("RUFFLANG_GC", "").split(",") else 0
