"""An LLVM module as text: functions, declarations and constants gathered while emitting."""

from __future__ import annotations

from rufflang.lowpy.function import LowFunction
from rufflang.lowpy.types import RAISED, VOID, RecordType, llvm_type


class ModuleText:
    """Collects LLVM text.  `used` lists the lowpy functions that calls refer to."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.used: dict[str, LowFunction] = {}
        self.defined: set[str] = set()
        self._declarations: dict[str, str] = {}
        self._literals: dict[str, str] = {}
        self._functions: list[str] = []
        self.globals: list[str] = []
        self.imports: set[str] = set()

    def declare(self, symbol: str, text: str) -> None:
        """Adds a declaration once."""
        self._declarations.setdefault(symbol, text)

    def use(self, function: LowFunction) -> None:
        """Notes that a call refers to this function, so that it is defined or declared."""
        self.used.setdefault(function.symbol, function)

    def literal(self, text: str) -> str:
        """The operand of a constant NUL-terminated UTF-8 text."""
        known = self._literals.get(text)
        if known is not None:
            return known
        name = f"@.text{len(self._literals)}"
        data = text.encode() + b"\0"
        escaped = "".join(chr(byte) if 32 <= byte < 127 and byte not in (34, 92) else f"\\{byte:02X}" for byte in data)
        self.globals.append(f'{name} = private unnamed_addr constant [{len(data)} x i8] c"{escaped}"')
        self._literals[text] = name
        return name

    def add_function(self, text: str) -> None:
        self._functions.append(text)

    def render(self) -> str:
        """The whole module."""
        declarations = dict(self._declarations)
        for symbol, function in self.used.items():
            if symbol not in self.defined:
                declarations.setdefault(symbol, declaration(function))
        return "\n".join([*self.globals, *declarations.values(), *self._functions, ""])


def declaration(function: LowFunction) -> str:
    """The `declare` line of a lowpy or external function."""
    signature = function.signature
    kinds: list[str] = []
    for kind in signature.parameters:
        kinds.extend(map(llvm_type, kind.fields.values()) if isinstance(kind, RecordType) else [llvm_type(kind)])
    result = VOID if signature.result is RAISED else signature.result
    return f'declare {llvm_type(result)} @"{function.symbol}"({", ".join(kinds)}) nounwind'
