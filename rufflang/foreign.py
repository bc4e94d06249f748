"""Calling C functions and reading native memory, as far as a program's own start and the JIT need it.

`ctypes` is a layer of Python above `_ctypes`, of which a run needs little, and importing it takes longer than loading
the whole runtime.  Here pointers are plain ints.  Code that few runs need may use `ctypes` beside this.
"""

from __future__ import annotations

from _ctypes import (
    FUNCFLAG_CDECL,
    RTLD_GLOBAL,
    Array,
    CFuncPtr,
    _SimpleCData,
    addressof,
    dlopen,
    dlsym,
)

# Type checkers take this for true; importing `typing` to say so would slow down every start.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Truth = _SimpleCData[bool]
    Number = _SimpleCData[int]
    Address = _SimpleCData[int | None]
    Text = _SimpleCData[bytes | None]
    Signature = tuple[type[_SimpleCData[Any]] | None, tuple[type[_SimpleCData[Any]], ...]]
    """The type of what a function gives, and those of its parameters."""
else:
    Truth = Number = Address = Text = _SimpleCData

__all__ = [
    "RTLD_GLOBAL", "Bool", "Bytes", "Int32", "Int64", "Number", "Pointer", "Word64", "address_of", "addressof",
    "callback_type", "dlopen", "dlsym", "function", "string_at",
]  # fmt: skip


class Pointer(Address):
    """An address, None for the one that is 0."""

    _type_ = "P"


class Bytes(Text):
    """The address of bytes that end with a zero."""

    _type_ = "z"


class Bool(Truth):
    _type_ = "?"


class Int64(Number):
    _type_ = "q"


class Int32(Number):
    _type_ = "i"


class Word64(Number):
    _type_ = "Q"


class _Byte(Number):
    _type_ = "B"


class _Function(CFuncPtr):
    _flags_ = FUNCFLAG_CDECL
    _restype_ = None


def function(address: int, signature: Signature) -> Callable[..., Any]:
    """The C function at an address; while it runs, other threads of Python may."""
    bound = _Function(address)
    bound.restype, bound.argtypes = signature
    return bound


def callback_type(signature: Signature) -> type[CFuncPtr]:
    """Makes a C function of a Python function that is called with what it says."""
    result, parameters = signature
    return type("Callback", (CFuncPtr,), {"_flags_": FUNCFLAG_CDECL, "_restype_": result, "_argtypes_": parameters})


def address_of(callback: CFuncPtr) -> int:
    """Where the C function is that a callback has become."""
    return Word64.from_address(addressof(callback)).value


def string_at(address: int, size: int) -> bytes:
    """A copy of so many bytes from an address on."""
    block: type[Array[_Byte]] = type("Block", (Array,), {"_type_": _Byte, "_length_": size})
    return bytes(block.from_address(address))
