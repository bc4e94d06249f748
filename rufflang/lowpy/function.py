"""lowpy functions as objects: the decorators, signatures, and the lazily read body."""

from __future__ import annotations

import sys

from rufflang.lowpy.processor import processor_name
from rufflang.lowpy.types import Type, type_of_annotation
from rufflang.records import Record, field_names

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FunctionType
    from typing import Any, ParamSpec, TypeVar, overload

    from rufflang.lowpy.ir import Statement

    P = ParamSpec("P")
    R = TypeVar("R")

_FUNCTIONS = "__lowpy_functions__"
"""The name of the list of a module's functions in that module."""
_STARRED_PARAMETERS = 0x04 | 0x08
"""Flags of code objects (`inspect.CO_VARARGS`, `CO_VARKEYWORDS`)."""


class LowpyError(Exception):
    """A lowpy function breaks a rule of the subset; the text names file, line and rule."""


class Signature(Record):
    names: tuple[str, ...]
    parameters: tuple[Type, ...]
    result: Type


class LowFunction:
    """A function of the subset, compiled or external.

    `symbol` is its linker name; `assembly` is the text of a function written in assembly.
    `signature` and `body` are read from the Python source on first use.
    """

    def __init__(
        self,
        python: FunctionType,
        *,
        symbol: str,
        inline: bool = False,
        cold: bool = False,
        is_external: bool = False,
        exported: bool = False,
        assembly: str | None = None,
    ) -> None:
        self.python = python
        self.name = python.__name__
        self.inline = inline
        self.cold = cold
        self.symbol = symbol
        self.is_external = is_external
        self.exported = exported
        self.assembly = assembly
        self.__doc__ = python.__doc__
        self.__name__ = python.__name__
        self.__module__ = python.__module__
        self._signature: Signature | None = None
        self._body: tuple[Statement, ...] | None = None
        self._size: int | None = None

    def __repr__(self) -> str:
        return f"<lowpy function {self.symbol}>"

    def __call__(self, *arguments: Any) -> Any:
        """Runs the function as plain Python (it works when it needs no intrinsics)."""
        return self.python(*arguments)

    @property
    def file(self) -> str:
        """The source file."""
        return self.python.__code__.co_filename

    @property
    def place(self) -> str:
        """File and line of its definition, for messages."""
        return f"{self.file}:{self.python.__code__.co_firstlineno}"

    @property
    def scope(self) -> dict[str, Any]:
        """The names its module defines."""
        return self.python.__globals__

    @property
    def signature(self) -> Signature:
        """Parameter names and types, and the result type.  Raises LowpyError."""
        if self._signature is None:
            code = self.python.__code__
            names = code.co_varnames[: code.co_argcount]
            annotations = self.python.__annotations__
            if self.python.__defaults__ or code.co_kwonlyargcount or code.co_flags & _STARRED_PARAMETERS:
                raise LowpyError(f"{self.place}: {self.name}: parameters are positional, without defaults")
            try:
                self._signature = Signature(
                    names,
                    tuple(type_of_annotation(annotations[name], self.scope) for name in names),
                    type_of_annotation(annotations["return"], self.scope),
                )
            except (KeyError, TypeError, NameError, AttributeError, SyntaxError) as problem:
                rule = "every parameter and result needs a lowpy type"
                raise LowpyError(f"{self.place}: {rule}: {self.name}: {problem}") from None
        return self._signature

    @property
    def body(self) -> tuple[Statement, ...]:
        """The typed statements.  Raises LowpyError where the source breaks a rule."""
        if self._body is None:
            from rufflang.lowpy.frontend import read_function

            self._body = read_function(self)
        return self._body

    @property
    def size(self) -> int:
        """How many nodes its tree has."""
        if self._size is None:
            self._size = _size_of(self.body)
        return self._size


def _size_of(part: object) -> int:
    if isinstance(part, tuple):
        return sum(map(_size_of, part))
    names = field_names(part) if isinstance(part, Record) else ()
    return 1 + sum(_size_of(getattr(part, name)) for name in names) if names else 0


if TYPE_CHECKING:

    @overload
    def function(python: Callable[P, R], /) -> Callable[P, R]: ...

    @overload
    def function(
        *, inline: bool = False, cold: bool = False, export: str | None = None
    ) -> Callable[[Callable[P, R]], Callable[P, R]]: ...


def function(
    python: Callable[P, R] | None = None,
    /,
    *,
    inline: bool = False,
    cold: bool = False,
    export: str | None = None,
) -> Any:
    """Marks a Python function as lowpy; see `docs/lowpy.md` for the options."""

    def make(plain: Any) -> Any:
        symbol = export or f"{plain.__module__.rpartition('.')[2]}.{plain.__name__}"
        low = LowFunction(plain, symbol=symbol, inline=inline, cold=cold, exported=export is not None)
        low.scope.setdefault(_FUNCTIONS, []).append(low)
        return low

    return make if python is None else make(python)


def external(symbol: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declares the C function `symbol`; the decorated function's body is `...`."""

    def make(plain: Any) -> Any:
        return LowFunction(plain, symbol=symbol, is_external=True)

    return make


def assembly(symbol: str, **texts: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declares a C function that is given in assembly; the decorated function's body is `...`.

    `texts` has the instructions for each processor, named as in LLVM triples, without the label.
    On another processor the function does not exist.
    """

    def make(plain: Any) -> Any:
        text = texts.get(processor_name())
        if text is not None:
            label = f"_{symbol}" if sys.platform == "darwin" else symbol
            text = f".text\n.p2align 4\n.globl {label}\n{label}:\n{text}"
        return LowFunction(plain, symbol=symbol, is_external=True, assembly=text)

    return make


def functions_of(module: Any) -> list[LowFunction]:
    """The lowpy functions that a Python module defines, in source order."""
    return list(vars(module).get(_FUNCTIONS, []))


def as_low(target: object) -> LowFunction:
    """A lowpy function, which its decorator presents as a plain one."""
    assert isinstance(target, LowFunction)
    return target
