"""lowpy source given as text in a test: read, shown as LLVM text, and run.

`Source(folder, text)` is a module with the given functions, everything of `rufflang.lowpy` at hand.
"""

from __future__ import annotations

import ctypes
import importlib.util
import itertools
import sys
import textwrap
from pathlib import Path
from typing import Any

from rufflang.lowpy.build import emit_functions
from rufflang.lowpy.emitter import Emitter
from rufflang.lowpy.function import LowFunction, LowpyError, functions_of
from rufflang.lowpy.library import ObjectLibrary, load_functions
from rufflang.lowpy.module import ModuleText
from rufflang.lowpy.types import RAISED, VOID, RecordType, Scalar, Type

PRELUDE_LINES = 3
_PRELUDE = """from __future__ import annotations
from typing import ClassVar
from rufflang.lowpy import *
"""
_INTEGERS = {
    "i8": ctypes.c_int8, "i16": ctypes.c_int16, "i32": ctypes.c_int32, "i64": ctypes.c_int64,
    "u8": ctypes.c_uint8, "u16": ctypes.c_uint16, "u32": ctypes.c_uint32, "u64": ctypes.c_uint64,
    "f64": ctypes.c_double, "bool": ctypes.c_bool,
}  # fmt: skip
_numbers = itertools.count()


class Source:
    """A Python module made of the prelude and `text`."""

    def __init__(self, folder: Path, text: str) -> None:
        name = f"low{next(_numbers)}"
        self.path = folder / f"{name}.py"
        self.path.write_text(_PRELUDE + textwrap.dedent(text), encoding="utf-8")
        spec = importlib.util.spec_from_file_location(name, self.path)
        assert spec is not None and spec.loader is not None
        self.module = importlib.util.module_from_spec(spec)
        sys.modules[name] = self.module
        spec.loader.exec_module(self.module)
        self._library: ObjectLibrary | None = None

    def function(self, name: str) -> LowFunction:
        """A function of the module."""
        found = getattr(self.module, name)
        assert isinstance(found, LowFunction)
        return found

    def llvm(self, name: str = "f") -> str:
        """The lines of one function as LLVM text, before any optimisation by LLVM."""
        module = ModuleText("test")
        Emitter(module).function(self.function(name))
        lines = module.render().splitlines()
        start = next(index for index, line in enumerate(lines) if line.startswith("define"))
        return "\n".join(line.strip() for line in lines[start + 1 : -1])

    def emit_everything(self) -> str:
        """The LLVM text of the whole module.  Raises LowpyError."""
        module = ModuleText("test")
        emit_functions(module, functions_of(self.module))
        return module.render()

    def run(self, name: str, *arguments: Any) -> Any:
        """Calls the compiled function; records are tuples on the way in and out."""
        if self._library is None:
            self._library = load_functions([item for item in functions_of(self.module) if not item.inline])
        function = self.function(name)
        kinds = [c_type for kind in function.signature.parameters for c_type in _c_types(kind)]
        prototype = ctypes.CFUNCTYPE(_result_type(function.signature.result), *kinds)
        words: list[Any] = []
        for argument in arguments:
            words.extend(argument if isinstance(argument, tuple) else [argument])
        result = prototype(self._library.address(function.symbol))(*words)
        if isinstance(result, ctypes.Structure):
            return tuple(getattr(result, field[0]) for field in result._fields_)
        return result


def broken_rule(folder: Path, text: str) -> tuple[int, str]:
    """The line within `text` and the rule that its compilation complains about."""
    source = Source(folder, text)
    try:
        source.emit_everything()
    except LowpyError as problem:
        file, line, rest = str(problem).split(":", 2)
        assert file == str(source.path)
        return int(line) - PRELUDE_LINES, rest.strip()
    raise AssertionError("no rule is broken")


def lines(text: str) -> str:
    """Expected LLVM text, freed of its indentation."""
    return "\n".join(line.strip() for line in textwrap.dedent(text).strip().splitlines())


def _c_types(kind: Type) -> list[Any]:
    if isinstance(kind, RecordType):
        return [item for part in kind.fields.values() for item in _c_types(part)]
    return [_INTEGERS[kind.name] if isinstance(kind, Scalar) else ctypes.c_int64]


def _result_type(kind: Type) -> Any:
    if kind is VOID or kind is RAISED:
        return None
    if isinstance(kind, RecordType):
        fields = [(f"word{index}", item) for index, item in enumerate(_c_types(kind))]
        return type(kind.name, (ctypes.Structure,), {"_fields_": fields})
    return _c_types(kind)[0]
