"""One VM: created, furnished with builtins, fed with units, run."""

from __future__ import annotations

import os
from time import monotonic

from rufflang.foreign import address_of
from rufflang.host.callbacks import HostCallbacks
from rufflang.host.compiled_unit import CompiledUnit, LoadedUnit, UnitLoader
from rufflang.host.deep_stack import NATIVE_STACK_BYTES, Running
from rufflang.host.memory import default_memory_limit
from rufflang.host.native import IMPORT_CALLBACK, REQUEST_CALLBACK, SPAWN_CALLBACK, NativeFunctions
from rufflang.interpreter.native_library import NativeRuntime, load
from rufflang.interpreter.source_stamp import book_place, program_name
from rufflang.run_options import RunOptions
from rufflang.stdlib.prelude import PRELUDE_ARITY, PRELUDE_METHODS, PRELUDE_NAMES

# Type checkers take this for true; importing `typing` to say so would slow down every start.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from rufflang.host.imports import ImportedModules
    from rufflang.host.jit_link import JitLink
    from rufflang.host.loaded_chunks import LoadedChunks
    from rufflang.host.machine_errors import MachineError
    from rufflang.host.profiling import Profiler
    from rufflang.host.spawned_blocks import SpawnedBlocks
    from rufflang.source import Source

VALUE_STACK_BYTES = 1 << 30
LEAST_VALUE_STACK_BYTES = 1 << 24
NO_LIMIT = 1 << 62

_NEVER = (1 << 63) - 1

ERROR_TAG = 30
STOP_INTERRUPT, STOP_DEADLINE = 1, 4


class Sizes:
    """At most how many bytes of address space a VM takes for its parts; by default as much as is of use."""

    __slots__ = ("heap", "native_stack", "value_stack")

    def __init__(
        self, value_stack: int = VALUE_STACK_BYTES, native_stack: int = NATIVE_STACK_BYTES, heap: int = NO_LIMIT
    ) -> None:
        self.value_stack = value_stack
        self.native_stack = native_stack
        self.heap = heap


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
        self.functions: NativeFunctions = NativeFunctions(self.runtime.library) if parent is None else parent.functions
        self.identity = identity
        self.blocks: SpawnedBlocks | None = None if parent is None else parent.blocks
        self.running = Running()
        self.profiler: Profiler | None = None if parent is None else parent.profiler
        self.report_block_error: Callable[[MachineError], None] | None = None
        self._spawn = SPAWN_CALLBACK(self._on_spawn)
        self._import = IMPORT_CALLBACK(self._on_import)
        self.options = options
        self.sizes = Sizes()
        limit: int = self.functions.ruff_address_space_limit()
        if limit >= 0:
            from rufflang.host.address_space import room_within, sizes_for_block, sizes_for_program

            room = room_within(limit)
            self.sizes = sizes_for_program(room) if parent is None else sizes_for_block(room)
        self.vm = self._new_vm(options.max_memory_bytes or default_memory_limit())
        self.functions.ruff_join_program(self.vm, identity, address_of(self._spawn), parent and parent.vm)
        self.callbacks = HostCallbacks(self.functions, self._denial)
        self.entry = entry
        self.fresh_modules: list[tuple[str, str, CompiledUnit]] = [] if parent is None else parent.fresh_modules
        """Path, text and bytecode of the modules that the program had to compile."""
        self._imports: ImportedModules | None = None
        self.has_prelude = False
        self.loader = UnitLoader(self.functions, self.vm)
        self._chunks: LoadedChunks | None = None
        self._jit: JitLink | None = None
        self._request = REQUEST_CALLBACK(self._on_request)
        self._started: float | None = None

    def _new_vm(self, memory_limit: int) -> int:
        """A VM, with a smaller value stack where the process may not have that much address space."""
        stress = 0
        if "RUFFLANG_GC" in os.environ:
            from rufflang.host.collector_settings import stress_from_environment

            stress = stress_from_environment()
        stack_bytes = self.sizes.value_stack
        while stack_bytes >= LEAST_VALUE_STACK_BYTES:
            vm: int | None = self.functions.vm_new(stack_bytes, self.sizes.heap, memory_limit, stress)
            if vm:
                return vm
            stack_bytes >>= 1
        raise MemoryError("this process may not have enough memory to run a program")

    def furnish(self) -> None:
        """Registers builtins, callbacks, limits and arguments.  Must run on the VM's thread."""
        functions, vm, options = self.functions, self.vm, self.options
        thresholds = (options.jit_threshold, options.loop_threshold) if self.has_jit else (_NEVER, _NEVER)
        functions.ruff_configure(vm, options.max_call_depth, *thresholds)
        functions.ruff_configure_tasks(vm, options.scheduler_timeout_ms)
        functions.ruff_set_callbacks(
            vm, self.callbacks.write, None, self.callbacks.text,
            address_of(self._request) if self.has_jit else None, self._entered_address(),
            functions.library.address("ruff_interpret"),
        )  # fmt: skip
        if "RUFFLANG_JIT_CHECK" in os.environ:
            from rufflang.host.self_checks import SelfChecks

            self._checks = SelfChecks(functions, vm, self.chunks)
        functions.ruff_set_import_callback(vm, address_of(self._import))
        if self.callbacks.is_watched():
            functions.ruff_write_at_once(vm)
        functions.ruff_furnish(vm, functions.library.address("ruff_tables"), len(PRELUDE_NAMES))
        self._add_prelude()
        if not options.capabilities.trusted:
            from rufflang.host.denials import deny

            deny(self)
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

    def _denial(self, name: str) -> str:
        """The message of the error raised by a builtin that is denied."""
        from rufflang.host.denials import denial

        return denial(self, name)

    @property
    def chunks(self) -> LoadedChunks:
        """What is loaded, chunk by chunk."""
        if self._chunks is None:
            from rufflang.host.loaded_chunks import LoadedChunks

            self._chunks = LoadedChunks(self.loader)
        return self._chunks

    @property
    def has_jit(self) -> bool:
        """Whether hot code is compiled."""
        return self.options.jit != "off"

    @property
    def jit(self) -> JitLink:
        """What sees to that; most programs are over before they need it."""
        if self._jit is None:
            from rufflang.host.jit_link import JitLink

            self._jit = JitLink(self)
        return self._jit

    def import_ahead(self) -> None:
        """Imports what loads machine code if an earlier run has left some: no program likes to wait in its midst."""
        if not self.has_jit:
            return
        name = program_name(self.entry, self.options.fuel is not None)
        if os.path.exists(book_place(self.runtime.stamp.package, name)):
            import rufflang.host.jit_link
            import rufflang.host.loaded_chunks
            import rufflang.jit.manager  # noqa: F401

    def _on_request(self, vm: int, number: int, index: int, frame: int | None) -> None:
        self.jit.on_request(number, index, frame)

    def _entered_address(self) -> int | None:
        """The C function that reports entries into compiled code; only while debugging."""
        return self.jit.entered_address if self.has_jit and "DEBUG_JIT" in os.environ else None

    @property
    def imports(self) -> ImportedModules:
        """The modules of the program; most programs have none."""
        if self._imports is None:
            from rufflang.host.imports import ImportedModules

            self._imports = ImportedModules(self)
        return self._imports

    def _on_import(self, vm: int, operation: int, subject: int | None, detail: int) -> int:
        return self.imports.answer(operation, subject or 0, detail)

    @property
    def fault(self) -> BaseException | None:
        """Why the host had to stop the program."""
        return (
            self.callbacks.output_error
            or (None if self._imports is None else self._imports.fault)
            or (None if self.blocks is None else self.blocks.fault)
        )

    def need_prelude(self, source: Source) -> None:
        """Loads the Ruff part of the prelude if a file that will run mentions any of it."""
        if self.has_prelude or not any(map(source.text.__contains__, PRELUDE_NAMES)):
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
        self.begin()
        self._started = monotonic()
        tag = self.functions.ruff_run(self.vm, loaded.address)
        self.finish()
        return bool(tag != ERROR_TAG)

    def begin(self) -> None:
        """Sets what counts from the first statement on."""
        if "RUFFLANG_GC" in os.environ:
            from rufflang.host.collector_settings import fail_from_environment

            fail_from_environment(self)
        if self.options.fuel is not None:
            self.functions.ruff_set_fuel(self.vm, self.options.fuel)
        if self.profiler is not None:
            self.profiler.begin(self)

    def finish(self) -> None:
        """Does what has to be done after the last statement."""
        if self.profiler is not None:
            self.profiler.stop(self)
        self.flush_output()

    def _on_spawn(self, vm: int, block: int) -> int:
        """Starts a spawned block, given its snapshot; 0 if that worked."""
        if self.blocks is None:
            from rufflang.host.spawned_blocks import SpawnedBlocks

            self.blocks = SpawnedBlocks(self)
        return int(not self.blocks.start(self, block))

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

    def origin_of(self, message: str) -> str | None:
        """Where the error is in a module, if an import that failed because of it has this message."""
        return None if self._imports is None else self._imports.origin_of(message)

    def error(self) -> MachineError:
        """The error in flight."""
        from rufflang.host.machine_errors import error_in_flight

        return error_in_flight(self)

    def close(self) -> None:
        """Frees the VM's memory; it must not be used afterwards."""
        if self._jit is not None:
            is_alone = self.options.has_own_process and self.blocks is None and self.profiler is None
            self._jit.close(may_leave_a_copy=is_alone)
        if self.blocks is None or (self.blocks.main is self and not self.blocks.are_running()):
            self.functions.ruff_free_exchange(self.vm)
        self.functions.vm_free(self.vm)
