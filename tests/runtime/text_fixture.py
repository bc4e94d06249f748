"""Strings and values for tests of native functions: a VM with its strings set up, and conversions.

`TextVM.string` makes a Ruff string, `TextVM.value` a value, `TextVM.builtin` calls a builtin
with Python arguments and gives a Python result or raises `Failed` with the message.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Iterable
from typing import Any

from rufflang.lowpy.types import struct_type
from rufflang.runtime import arrays, dicts, dicts_keys, strings
from rufflang.runtime.builtins.registry import Entry, native_builtins
from rufflang.runtime.heap_layout import Heap
from rufflang.runtime.objects import ArrayObject, StringObject
from rufflang.runtime.values import ARRAY, BOOL, DICT, ERROR, FLOAT, INT, NULL, STRING, UNBOUND
from rufflang.runtime.vm import VM
from tests.runtime.vm_fixture import NativeModule, read_field, text_of, write_field

NEEDED = [
    strings.set_up_strings, strings.new_string, arrays.new_array, arrays.array_push, arrays.array_get,
    dicts.new_dict, dicts.dict_set, dicts_keys.normalise_key,
]  # fmt: skip

_HOST_TEXT = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int64, ctypes.c_int64, ctypes.c_int64)
_HOST_WRITE = ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_int64, ctypes.c_void_p, ctypes.c_int64)


class Failed(Exception):
    """A native function raised an error with this message."""


class TextVM:
    """A VM with strings, host callbacks and Python conversions."""

    def __init__(self, module: NativeModule, memory_limit: int = 0, stress: int = 0) -> None:
        self.vm = module.vm(memory_limit=memory_limit, stress=stress)
        self.vm.call(strings.set_up_strings)
        if not stress and not memory_limit:
            # Python keeps addresses where the collector does not look for them.
            write_field(self.vm.field("heap"), Heap, "threshold", 1 << 62)
        self.written: dict[int, bytes] = {1: b"", 2: b""}
        self.input_lines: list[str] = []
        self._callbacks = [_HOST_TEXT(self._host_text), _HOST_WRITE(self._host_write)]
        for name, callback in zip(("host_text", "host_write"), self._callbacks, strict=True):
            address = ctypes.cast(callback, ctypes.c_void_p).value
            write_field(self.vm.address, VM, name, address)

    def _host_text(self, vm: int, operation: int, text: int) -> int:
        source = text_of(text)
        if operation == 3:
            return self.string(self.input_lines.pop(0) if self.input_lines else "")
        mapped = (source.upper(), source.lower(), source[:1].upper() + source[1:].lower())[operation]
        return self.string(mapped)

    def _host_write(self, vm: int, file: int, data: int, size: int) -> None:
        self.written[file] += ctypes.string_at(data, size)

    def string(self, text: str) -> int:
        """Address of a new string."""
        data = text.encode()
        kept = ctypes.create_string_buffer(data)
        address: int = self.vm.call(strings.new_string, ctypes.addressof(kept), len(data))
        assert read_field(address, StringObject, "char_count") == len(text)
        return address

    def value(self, python: Any) -> tuple[int, int]:
        """A Ruff value: tag and payload."""
        if python is None:
            return NULL, 0
        if isinstance(python, bool):
            return BOOL, int(python)
        if isinstance(python, int):
            return INT, python
        if isinstance(python, float):
            return FLOAT, struct.unpack("q", struct.pack("d", python))[0]
        if isinstance(python, str):
            return STRING, self.string(python)
        return self._array(python) if isinstance(python, list) else self._dict(python)

    def _array(self, items: list[Any]) -> tuple[int, int]:
        array = self.vm.call(arrays.new_array, len(items))
        self.vm.set_root(0, ARRAY, array)
        for item in items:
            self.vm.call(arrays.array_push, array, self.value(item))
        return ARRAY, array

    def _dict(self, entries: dict[str, Any]) -> tuple[int, int]:
        table = self.vm.call(dicts.new_dict, len(entries))
        self.vm.set_root(1, DICT, table)
        for key, item in entries.items():
            self.vm.call(
                dicts.dict_set, table, self.vm.call(dicts_keys.normalise_key, self.value(key)), self.value(item)
            )
        return DICT, table

    def python(self, value: tuple[int, int]) -> Any:
        """The Python value of a Ruff value; raises Failed for an error in flight."""
        tag, payload = value
        if tag == ERROR:
            raise Failed(self.vm.error_text())
        if tag in (NULL, UNBOUND):
            return None
        if tag == BOOL:
            return payload == 1
        if tag == FLOAT:
            return struct.unpack("d", struct.pack("q", payload))[0]
        if tag == STRING:
            assert read_field(payload, StringObject, "char_count") == len(text_of(payload))
            return text_of(payload)
        if tag == ARRAY:
            length = read_field(payload, ArrayObject, "length")
            return [self.python(self.vm.module.call(arrays.array_get, payload, i)) for i in range(length)]
        assert tag == INT
        return payload

    def builtin(self, name: str, *arguments: Any) -> Any:
        """Calls a builtin by its canonical name."""
        block = (ctypes.c_int64 * (2 * len(arguments) + 2))()
        for index, argument in enumerate(arguments):
            block[2 * index], block[2 * index + 1] = self.value(argument)
            self.vm.set_root(16 + index, block[2 * index], block[2 * index + 1])
        result = self.vm.call(BUILTINS[name].code, ctypes.addressof(block), len(arguments))
        return self.python(result)


BUILTINS: dict[str, Entry] = {entry.name: entry for entry in native_builtins()}


def text_module(functions: Iterable[Any] = (), builtins: Iterable[str] = ()) -> NativeModule:
    """Compiles some functions and builtins with what `TextVM` needs."""
    codes = [BUILTINS[name].code for name in builtins]
    return NativeModule([*NEEDED, *functions, *codes])


def string_field(address: int, name: str) -> Any:
    """A field of a string."""
    assert name in struct_type(StringObject).fields
    return read_field(address, StringObject, name)
