"""What the collector takes as a starting point: frames, chunks, builtins, stacks of other threads."""

from __future__ import annotations

import ctypes
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from rufflang.lowpy import Ptr, cast, function, i64, offset, size_of, stack_address, volatile_load
from rufflang.lowpy.types import Struct, struct_type
from rufflang.runtime import startup
from rufflang.runtime.collector_roots import DEAD_BYTES, UNTOUCHED_BYTES, forget_dead_frames
from rufflang.runtime.heap import allocate
from rufflang.runtime.heap_system import system_calloc
from rufflang.runtime.objects import NONE_VARIANT, BoxObject, FunctionObject, Object, Proto
from rufflang.runtime.values import BUFFER, FUNCTION, NULL, OPTION, STRING, Value
from rufflang.runtime.vm import VM, Builtin
from tests.runtime.vm_fixture import NativeModule, TestVM, read_field, text_of, write_field

CANARY = 0x0DDBA11


@function
def make_canary(vm: VM) -> Object:
    cell = cast(Ptr[i64], allocate(vm, 32, BUFFER))
    cell[1] = CANARY
    return cast(Object, cell)


@function
def is_alive(canary: Object) -> bool:
    return i64(canary.kind) == BUFFER and cast(Ptr[i64], canary)[1] == CANARY


@function
def make_function(vm: VM, proto: Proto) -> FunctionObject:
    closure = cast(FunctionObject, allocate(vm, size_of(FunctionObject), FUNCTION))
    closure.proto = proto
    return closure


@function
def add_proto(vm: VM, constant_count: i64) -> Proto:
    """The only chunk of a VM."""
    proto = cast(Proto, system_calloc(1, size_of(Proto)))
    proto.constants = cast(Ptr[Value], system_calloc(constant_count, 16))
    proto.constant_count = constant_count
    vm.protos = cast(Ptr[Proto], system_calloc(1, 8))
    vm.protos[0] = proto
    vm.proto_count = 1
    return proto


@function
def add_builtin(vm: VM) -> Builtin:
    """The only builtin of a VM."""
    builtin = cast(Builtin, system_calloc(1, size_of(Builtin)))
    vm.builtins = cast(Ptr[Builtin], system_calloc(1, 8))
    vm.builtins[0] = builtin
    vm.builtin_count = 1
    return builtin


@function
def locals_survive(vm: VM, count: i64) -> i64:
    """How many times a cell held by a local variable outlived a hundred allocations."""
    survived = 0
    for _ in range(count):
        canary = make_canary(vm)
        for _ in range(100):
            allocate(vm, 32, BUFFER)
        if is_alive(canary):
            survived += 1
    return survived


@function
def word_left_by_a_call(distance: i64) -> i64:
    """What can be found of a word that a function has left in its frame, so far down the stack."""
    place = cast(Ptr[i64], offset(stack_address(), -distance))
    place[0] = 0x5EED
    forget_dead_frames()
    return volatile_load(place)


@cache
def native() -> NativeModule:
    return NativeModule(
        [make_canary, is_alive, make_function, add_proto, add_builtin, locals_survive, word_left_by_a_call], level=2
    )


@pytest.fixture
def vm() -> Iterator[TestVM]:
    machine = native().vm()
    yield machine
    machine.close()


def store_value(address: int, tag: int, payload: int) -> None:
    ctypes.c_int64.from_address(address).value = tag
    ctypes.c_int64.from_address(address + 8).value = payload


def address_of_field(address: int, layout: type[Struct], name: str) -> int:
    return address + struct_type(layout).fields[name].offset


def alive_after_collection(vm: TestVM, canaries: list[int]) -> int:
    vm.collect()
    return sum(native().call(is_alive, canary) for canary in canaries)


def test_registers_of_the_running_frame_keep_cells_alive(vm: TestVM) -> None:
    proto = vm.call(add_proto, 1)
    write_field(proto, Proto, "register_count", 40)
    registers = vm.field("stack_base") + 32
    store_value(registers - 32, FUNCTION, vm.call(make_function, proto))
    canaries = [vm.call(make_canary) for _ in range(80)]
    for index, canary in enumerate(canaries):
        store_value(registers + 16 * index, STRING, canary)
    write_field(vm.address, VM, "frame", registers)
    assert alive_after_collection(vm, canaries[:40]) == 40
    assert alive_after_collection(vm, canaries[40:]) < 20


def test_constants_and_names_of_chunks_keep_cells_alive(vm: TestVM) -> None:
    proto = vm.call(add_proto, 10)
    canaries = [vm.call(make_canary) for _ in range(13)]
    for index in range(10):
        store_value(read_field(proto, Proto, "constants") + 16 * index, STRING, canaries[index])
    for name, canary in zip(("name", "declared_name", "arity_name"), canaries[10:], strict=True):
        write_field(proto, Proto, name, canary)
    assert alive_after_collection(vm, canaries) == 13


def test_builtins_keep_their_names_and_closures_alive(vm: TestVM) -> None:
    builtin = vm.call(add_builtin)
    canaries = [vm.call(make_canary), vm.call(make_canary)]
    write_field(builtin, Builtin, "name", canaries[0])
    store_value(address_of_field(builtin, Builtin, "closure"), FUNCTION, canaries[1])
    assert alive_after_collection(vm, canaries) == 2


@pytest.mark.parametrize("field", ["error_message", "interned", "error_definition", "anonymous_definitions"])
def test_fields_of_the_vm_keep_cells_alive(vm: TestVM, field: str) -> None:
    canary = vm.call(make_canary)
    write_field(vm.address, VM, field, canary)
    assert alive_after_collection(vm, [canary]) == 1


@pytest.mark.parametrize("distance", [UNTOUCHED_BYTES + 8, 64, 128, DEAD_BYTES])
def test_frames_that_are_over_hold_nothing(distance: int) -> None:
    assert native().call(word_left_by_a_call, distance) == 0


def test_singletons_exist_from_the_start_and_survive(vm: TestVM) -> None:
    vm.collect()
    none = vm.field("none")
    assert read_field(none, BoxObject, "kind") == OPTION
    assert read_field(none, BoxObject, "aux") == NONE_VARIANT
    assert read_field(none, BoxObject, "value") == (NULL, 0)
    assert text_of(vm.field("empty_string")) == ""
    letters = vm.field("ascii_strings")
    texts = [text_of(ctypes.c_int64.from_address(letters + 8 * code).value) for code in range(128)]
    assert texts == [chr(code) for code in range(128)]


def test_a_vm_may_be_called_from_any_thread() -> None:
    machine = native().vm(stress=1)
    results: list[int] = []
    for _ in range(3):
        thread = threading.Thread(target=lambda: results.append(machine.call(locals_survive, 5)))
        thread.start()
        thread.join()
    assert results == [5, 5, 5]
    assert machine.call(locals_survive, 5) == 5
    machine.close()


def test_vms_in_several_threads_do_not_disturb_each_other() -> None:
    results: list[int] = []

    def work() -> None:
        machine = native().vm(stress=7)
        results.append(machine.call(locals_survive, 50))
        machine.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [50] * 4


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc")
def test_a_freed_vm_leaves_no_address_space_behind() -> None:
    def address_space() -> int:
        return int(Path("/proc/self/statm").read_text().split()[0]) * 4096

    native().vm().close()
    before = address_space()
    for _ in range(100):
        machine = native().vm()
        machine.call(locals_survive, 10)
        machine.close()
    assert address_space() < before + (1 << 30)


_SMALL_ADDRESS_SPACE = """
import resource
from tests.runtime.test_heap_roots import locals_survive, native
module = native()
used = int(open("/proc/self/statm").read().split()[0]) * 4096
resource.setrlimit(resource.RLIMIT_AS, (used + (400 << 20), used + (400 << 20)))
print(module.vm().call(locals_survive, 10000))
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc")
def test_a_small_address_space_gets_a_smaller_heap() -> None:
    root = Path(startup.__file__).parents[2]
    finished = subprocess.run(
        [sys.executable, "-c", _SMALL_ADDRESS_SPACE], cwd=root, capture_output=True, text=True, timeout=60
    )
    assert (finished.stdout, finished.returncode) == ("10000\n", 0), finished.stderr
