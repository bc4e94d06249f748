"""A VM in memory for tests of native runtime functions, and calls of such functions.

`NativeModule([...])` compiles lowpy functions together with start-up and the heap;
`module.vm()` makes a VM, `module.call(function, ...)` calls one of the functions with
arguments converted by its signature: integers and addresses as int, floats as float, values
as `(tag, payload)` pairs.  A record result comes back as a tuple.

An address held by Python alone does not keep its cell alive across an allocation: put it into
the VM's roots with `vm.set_root`.  Errors that a function raised show as tag ERROR.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from rufflang.lowpy.function import LowFunction
from rufflang.lowpy.library import load_functions
from rufflang.lowpy.types import RAISED, VOID, RecordType, Scalar, Struct, Type, struct_type
from rufflang.runtime import collector, heap, startup
from rufflang.runtime.objects import StringObject
from rufflang.runtime.vm import VM

_INTEGERS = {
    "i8": ctypes.c_int8, "i16": ctypes.c_int16, "i32": ctypes.c_int32, "i64": ctypes.c_int64,
    "u8": ctypes.c_uint8, "u16": ctypes.c_uint16, "u32": ctypes.c_uint32, "u64": ctypes.c_uint64,
}  # fmt: skip


def _c_types(kind: Type) -> list[Any]:
    """The C types of the words of a lowpy type."""
    if isinstance(kind, RecordType):
        return [item for part in kind.fields.values() for item in _c_types(part)]
    if isinstance(kind, Scalar):
        if kind.name == "f64":
            return [ctypes.c_double]
        if kind.name == "bool":
            return [ctypes.c_bool]
        return [_INTEGERS[kind.name]]
    return [ctypes.c_int64]


def _result_type(kind: Type) -> Any:
    if kind is VOID or kind is RAISED:
        return None
    if isinstance(kind, RecordType):
        fields = [(f"word{index}", item) for index, item in enumerate(_c_types(kind))]
        return type(kind.name, (ctypes.Structure,), {"_fields_": fields})
    return _c_types(kind)[0]


def read_field(address: int, layout: type[Struct], name: str) -> Any:
    """A field of the structure at an address; a record as a tuple, an inline field as its address."""
    field = struct_type(layout).fields[name]
    if field.is_inline:
        return address + field.offset
    kinds = _c_types(field.stored)
    words = [kind.from_address(address + field.offset + 8 * index).value for index, kind in enumerate(kinds)]
    return tuple(words) if isinstance(field.type, RecordType) else words[0]


def write_field(address: int, layout: type[Struct], name: str, value: Any) -> None:
    """Sets a field (not a record) of the structure at an address."""
    field = struct_type(layout).fields[name]
    _c_types(field.stored)[0].from_address(address + field.offset).value = value


def text_of(address: int) -> str:
    """The text of the StringObject at an address."""
    data = read_field(address, StringObject, "data")
    return ctypes.string_at(data, read_field(address, StringObject, "byte_count")).decode()


@dataclass(frozen=True, slots=True)
class HeapStatistics:
    """What `heap_statistics` reports, in its order."""

    collections: int
    allocated: int
    live: int
    allocated_since: int
    pause_total: int
    pause_longest: int
    used_pages: int
    free_pages: int


class TestVM:
    """A VM made by `vm_new`.  `address` is what native functions take as `vm`."""

    __test__ = False

    def __init__(self, module: NativeModule, stack_bytes: int, memory_limit: int, stress: int) -> None:
        self.module = module
        self.address: int = module.call(startup.vm_new, stack_bytes, 1 << 62, memory_limit, stress)
        assert self.address != 0

    def field(self, name: str) -> Any:
        """A field of the VM structure."""
        return read_field(self.address, VM, name)

    def set_root(self, index: int, tag: int, payload: int) -> None:
        """Keeps a value alive: `index` below 32."""
        position = read_field(self.address, VM, "roots") + 16 * index
        ctypes.c_int64.from_address(position).value = tag
        ctypes.c_int64.from_address(position + 8).value = payload

    def root(self, index: int) -> tuple[int, int]:
        """A value set by `set_root` or by a native function."""
        position = read_field(self.address, VM, "roots") + 16 * index
        return ctypes.c_int64.from_address(position).value, ctypes.c_int64.from_address(position + 8).value

    def call(self, function: Any, *arguments: Any) -> Any:
        """Calls a native function whose first parameter is the VM."""
        assert function.signature.parameters[0] is struct_type(VM), function
        return self.module.call(function, self.address, *arguments)

    def error_text(self) -> str:
        """The message of the error in flight."""
        return text_of(self.field("error_message"))

    def collect(self) -> None:
        """Collects everything that nothing refers to, and returns the memory."""
        self.call(collector.collect_fully)

    def statistics(self) -> HeapStatistics:
        out = (ctypes.c_int64 * 8)()
        self.call(collector.heap_statistics, ctypes.addressof(out))
        return HeapStatistics(*out)

    def close(self) -> None:
        self.call(startup.vm_free)
        self.address = 0


class NativeModule:
    """Some lowpy functions compiled and loaded together with start-up and the collector."""

    def __init__(self, functions: Iterable[Any] = (), level: int = 1) -> None:
        always = [startup.vm_new, startup.vm_free, collector.collect_fully, collector.heap_statistics]
        always += [heap.allocate_slowly, heap.new_values, heap.new_buffer]
        wanted = cast(list[LowFunction], [*always, *functions])
        self._library = load_functions(wanted, level)
        self._bound: dict[str, Any] = {}

    def vm(self, stack_bytes: int = 1 << 20, memory_limit: int = 0, stress: int = 0) -> TestVM:
        """A new VM; see `startup.vm_new`."""
        return TestVM(self, stack_bytes, memory_limit, stress)

    def call(self, function: Any, *arguments: Any) -> Any:
        """Calls a function of the module; see the module's text for how arguments look."""
        assert isinstance(function, LowFunction)
        signature = function.signature
        bound = self._bound.get(function.symbol)
        if bound is None:
            kinds = [item for kind in signature.parameters for item in _c_types(kind)]
            prototype = ctypes.CFUNCTYPE(_result_type(signature.result), *kinds)
            bound = self._bound[function.symbol] = prototype(self._library.address(function.symbol))
        words: list[Any] = []
        for argument in arguments:
            words.extend(argument if isinstance(argument, tuple) else [argument])
        result = bound(*words)
        if isinstance(result, ctypes.Structure):
            return tuple(getattr(result, name) for name, _ in result._fields_)  # type: ignore[misc]
        return result
