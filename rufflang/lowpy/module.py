"""An LLVM module as text: functions, declarations and constants gathered while emitting."""

from __future__ import annotations

from rufflang.lowpy.function import LowFunction, LowpyError
from rufflang.lowpy.types import RAISED, VOID, RecordType, llvm_type
from rufflang.records import Record

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_FIRST_MEMORY = 1000


class Constant(Record):
    """Data of a module.  What is private has no symbol that others could refer to."""

    name: str
    kind: str
    value: str
    is_private: bool

    @property
    def text(self) -> str:
        """Its definition."""
        linkage = "private unnamed_addr constant" if self.is_private else "constant"
        return f"@{self.name} = {linkage} {self.kind} {self.value}"


class ModuleText:
    """Collects LLVM text.  `used` lists the lowpy functions that calls refer to."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.used: dict[str, LowFunction] = {}
        self.defined: set[str] = set()
        self._declarations: dict[str, str] = {}
        self._literals: dict[str, str] = {}
        self.functions: list[str] = []
        self._memories: dict[tuple[str, int | None], int] = {}
        self.constants: dict[str, Constant] = {}
        self.imports: set[str] = set()

    def declare(self, symbol: str, text: str) -> None:
        """Adds a declaration once."""
        self._declarations.setdefault(symbol, text)

    def use(self, function: LowFunction) -> None:
        """Notes that a call refers to this function, so that it is defined or declared."""
        known = self.used.setdefault(function.symbol, function)
        if known is not function and not (known.is_external and function.is_external):
            raise LowpyError(f"{function.place}: {known.place} defines {function.symbol} as well")

    def literal(self, text: str) -> str:
        """The operand of a constant NUL-terminated UTF-8 text."""
        known = self._literals.get(text)
        if known is not None:
            return known
        name = f".text{len(self._literals)}"
        data = text.encode() + b"\0"
        text_of_data = "".join(map(_escaped, data))
        self.add_constant(name, f"[{len(data)} x i8]", f'c"{text_of_data}"', is_private=True)
        self._literals[text] = f"@{name}"
        return f"@{name}"

    def add_constant(self, name: str, kind: str, value: str, is_private: bool = False) -> None:
        """Adds data, given as LLVM's name of its type and as what it consists of."""
        self.constants[name] = Constant(name, kind, value, is_private)

    def memory(self, *classes: str) -> str:
        """The `!tbaa` operand of an access to the last of these classes of words, each part of the one before it.

        Accesses to two classes never touch the same byte, unless one is part of the other; an access
        without such an operand may touch any.
        """
        parent = self._memory("ruff", None)
        for name in classes:
            parent = self._memory(name, parent)
        return f"!{parent + 1}"

    def _memory(self, name: str, parent: int | None) -> int:
        """The number of the node that stands for a class; the next number is that of accesses to it."""
        number = self._memories.get((name, parent))
        if number is None:
            number = self._memories[name, parent] = _FIRST_MEMORY + 2 * len(self._memories)
            inside = "" if parent is None else f", !{parent}, i64 0"
            self.declare(f"!{number}", f'!{number} = !{{!"{name}"{inside}}}')
            self.declare(f"!{number + 1}", f"!{number + 1} = !{{!{number}, !{number}, i64 0}}")
        return number

    def add_function(self, text: str) -> None:
        """Adds a finished function."""
        self.functions.append(text)

    def put_first(self, symbols: Iterable[str]) -> None:
        """Puts these functions, as far as there are such, in front of all others, in this order."""
        places = {symbol: place for place, symbol in enumerate(symbols)}
        self.functions.sort(key=lambda text: places.get(defined_symbol(text), len(places)))

    def render(self) -> str:
        """The whole module."""
        constants = (constant.text for constant in self.constants.values())
        return "\n".join([*self.assembly(), *constants, *self.declarations(), *self.functions, ""])

    def declarations(self) -> Iterable[str]:
        """What is declared here and defined nowhere in the module."""
        declarations = dict(self._declarations)
        for symbol, function in self.used.items():
            if symbol not in self.defined:
                declarations.setdefault(symbol, declaration(function))
        return declarations.values()

    def assembly(self) -> Iterator[str]:
        """The functions in assembly that are used here, if this is the module that defines functions."""
        for function in self.used.values():
            if function.assembly is not None and self.defined:
                yield from (f'module asm "{line.strip()}"' for line in function.assembly.splitlines() if line.strip())


def defined_symbol(text: str) -> str:
    """The symbol of a finished function."""
    _, _, rest = text.partition("@")
    return rest[1:].partition('"')[0] if rest.startswith('"') else rest.partition("(")[0]


def _escaped(byte: int) -> str:
    """A byte inside an LLVM string constant."""
    return chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\{byte:02X}"


def declaration(function: LowFunction) -> str:
    """The `declare` line of a lowpy or external function."""
    signature = function.signature
    kinds: list[str] = []
    for kind in signature.parameters:
        words = kind.fields.values() if isinstance(kind, RecordType) else [kind]
        kinds.extend(map(llvm_type, words))
    result = VOID if signature.result is RAISED else signature.result
    return f'declare {llvm_type(result)} @"{function.symbol}"({", ".join(kinds)}) nounwind'
