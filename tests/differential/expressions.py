"""Random expressions of a wanted type."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.differential.kinds import (
    ANY,
    BOOL,
    FLOAT,
    INT,
    NULL,
    TAG,
    TEXT,
    Kind,
    Method,
    array,
    mapping,
    option,
    struct,
)
from tests.differential.writing import Writer

KEYS = ("a", "b", "c", "k1", "7")
WORDS = ("", "a", "b", "xyz", "héllo", "ab cd", "10", "-3", "2.5", "é", "日本", "zz top")
INTEGERS = (0, 1, 2, 3, 5, 7, 10, 16, 100, 255, 1000, 65536)
EXTREMES = (
    2147483647, 2147483648, 4294967296, 3037000500, 4611686018427387904,
    9007199254740993, 9223372036854775806, 9223372036854775807,
)  # fmt: skip
FLOATS = (
    "0.0", "0.5", "1.0", "1.5", "2.25", "3.0", "0.1", "100.0", "1000000.0", "0.000001",
    "123456789012345680000.0",
)  # fmt: skip


class Expressions(Writer):
    """Adds expressions.  All of them are written on one line, except anonymous functions."""

    def expression(self, kind: Kind, depth: int = 3) -> str:
        """An expression whose value is, most of the time, of that type."""
        if self.happens(self.slips):
            kind = self.any_kind()
        if kind == ANY:
            return self._of_any_kind(depth)
        if depth <= 0:
            return self.atom(kind)
        if self.happens(0.08):
            return self._roundabout(kind, depth - 1)
        makers: dict[str, Callable[[Kind, int], str]] = {
            "int": self._int, "float": self._float, "bool": self._bool, "text": self._text,
            "array": self._array, "dict": self._dict, "struct": self._struct,
            "option": self._wrapped, "result": self._wrapped, "function": self._function,
        }  # fmt: skip
        maker = makers.get(kind.name)
        return self.atom(kind) if maker is None else maker(kind, depth - 1)

    def _of_any_kind(self, depth: int) -> str:
        names = self.names_of(ANY)
        if names and self.happens(0.6):
            return self.pick(names)
        return "null" if self.happens(0.1) else self.expression(self.any_kind(), depth - 1)

    def atom(self, kind: Kind) -> str:
        """A name or a literal."""
        names = self.names_of(kind)
        if names and self.happens(0.75):
            return self.pick(names[-6:] if self.happens(0.6) else names)
        return self.literal(kind)

    def literal(self, kind: Kind) -> str:
        """A literal without names in it."""
        if kind == INT:
            number = self.pick(EXTREMES) if self.happens(0.03) else self.pick(INTEGERS)
            return f"-{number}" if self.happens(0.15) else str(number)
        if kind == FLOAT:
            return self.pick(FLOATS)
        if kind == BOOL:
            return self.pick(("true", "false"))
        if kind == TEXT:
            return f'"{self.pick(WORDS)}"'
        return self._literal_of_data(kind)

    def _literal_of_data(self, kind: Kind) -> str:
        if kind.name == "array":
            count = self.pick((0, 1, 2, 2, 3, 4))
            return "[" + ", ".join(self.literal(kind.inner) for _ in range(count)) + "]"
        if kind.name == "dict":
            keys = self.chance.sample(KEYS, self.chance.randint(0, 4))
            return "{" + ", ".join(f'"{key}": {self.literal(kind.inner)}' for key in keys) + "}"
        if kind.name == "struct":
            return self._struct_literal(kind, self.literal)
        if kind.name == "option":
            return "None" if self.happens(0.3) else f"Some({self.literal(kind.inner)})"
        if kind.name == "result":
            return 'Err("no")' if self.happens(0.3) else f"Ok({self.literal(kind.inner)})"
        if kind == TAG:
            payload = f"({self.literal(INT)}, {self.literal(TEXT)})" if self.happens(0.5) else ""
            return f"Shape::{self.pick(('Dot', 'Box'))}{payload}"
        if kind.name == "function":
            names = [self.new_name("p") for _ in kind.parameters]
            return f"func({', '.join(names)}) {{ return {self.literal(kind.inner)} }}"
        return "null" if kind == NULL else self.literal(self.any_scalar())

    def _struct_literal(self, kind: Kind, filler: Callable[[Kind], str]) -> str:
        declared = self.structs[kind.struct]
        parts = [
            f"{name}: {filler(of)}"
            for name, of in declared.fields.items()
            if not (name in declared.defaults and self.happens(0.4)) and not self.happens(self.slips)
        ]
        return f"{kind.struct} {{ {', '.join(parts)} }}"

    # ------------------------------------------------------------------ for any type

    def _one_of(self, ways: Sequence[Callable[[], str]]) -> str:
        return self.pick(ways)()

    def _roundabout(self, kind: Kind, depth: int) -> str:
        """A value of any type out of a container, a call or a coalescing operator."""
        ways: list[Callable[[], str]] = [
            lambda: f"{self.operand(array(kind), depth)}[{self.index(depth)}]",
            lambda: f"({self.operand(mapping(kind), depth)}.{self.pick('abc')} ?? {self.atom(kind)})",
            lambda: f'{self.operand(mapping(kind), depth)}["{self.pick(KEYS)}"]',
            lambda: f"(null ?? {self.expression(kind, depth)})",
            lambda: f"(func(x) {{ return x }})({self.expression(kind, depth)})",
            lambda: f"({self.expression(kind, depth)} |> func(x) {{ return x }})",
        ]
        if self.returned is not None and self.returned.name in ("result", "option"):
            ways.append(lambda: f"{self.operand(Kind(self.returned.name, kind), depth)}?")  # type: ignore[union-attr]
        return self.call_of(kind, depth) or self._one_of(ways)

    def call_of(self, kind: Kind, depth: int) -> str | None:
        """A call of a function or method with that result; None when there is none."""
        functions = self.functions_returning(kind)
        methods = [
            (name, method)
            for name, declared in self.structs.items()
            for method in declared.methods
            if method.returned == kind and self.affordable(method.cost)
        ]
        if functions and (not methods or self.happens(0.6)):
            return self.call(*self.pick(functions), depth)
        if methods:
            return self.method_call(*self.pick(methods), depth)
        return None

    def call(self, name: str, kind: Kind, depth: int) -> str:
        """A call of the function called `name`."""
        self.work += self.load * kind.cost
        arguments = [self.expression(parameter, depth) for parameter in kind.parameters]
        if arguments and self.happens(0.1):
            return f"({arguments[0]} |> {name}({', '.join(arguments[1:])}))"
        if self.happens(self.slips):
            arguments.append("1")
        return f"{name}({', '.join(arguments)})"

    def method_call(self, owner: str, method: Method, depth: int) -> str:
        """A call of a method of the struct called `owner`."""
        self.work += self.load * method.cost
        arguments = ", ".join(self.expression(parameter, depth) for parameter in method.parameters)
        return f"{self.operand(struct(owner), depth)}.{method.name}({arguments})"

    def operand(self, kind: Kind, depth: int) -> str:
        """An expression to which a postfix operator can be applied."""
        text = self.atom(kind) if self.happens(0.7) else self.expression(kind, depth)
        return text if text.isidentifier() else f"({text})"

    def index(self, depth: int) -> str:
        """An index that exists more often than not."""
        return self.pick(("0", "0", "0", "-1", "1")) if self.happens(0.85) else self.expression(INT, depth)

    def field_of(self, kind: Kind, depth: int) -> str | None:
        """A field of that type of some instance."""
        found = [
            (name, field)
            for name, declared in self.structs.items()
            for field, of in declared.fields.items()
            if of == kind
        ]
        if not found:
            return None
        name, field = self.pick(found)
        return f"{self.operand(struct(name), depth)}{self.pick(('.', '.', '.', '?.'))}{field}"

    # --------------------------------------------------------------------- by type

    def _binary(self, left: Kind, operators: Sequence[str], right: Kind, depth: int) -> str:
        operator = self.pick(operators)
        return f"({self.expression(left, depth)} {operator} {self.expression(right, depth)})"

    def _int(self, kind: Kind, depth: int) -> str:
        def arithmetic() -> str:
            operator = self.chance.choices("+-*/%", (5, 4, 2, 1, 2))[0]
            right = self.pick(("2", "3", "7", "10")) if operator in "*/%" else self.expression(INT, depth)
            return f"({self.expression(INT, depth)} {operator} {right})"

        def of_containers() -> str:
            container = self.operand(self.pick((array(INT), TEXT, mapping(INT), array(TEXT))), depth)
            return f"{container}.len()" if self.happens(0.2) else f"len({container})"

        return self._one_of((
            arithmetic, arithmetic, arithmetic, arithmetic,
            lambda: self._binary(INT, "*/%+", INT, depth),
            lambda: self.atom(INT),
            lambda: f"-{self.operand(INT, depth)}",
            of_containers,
            lambda: f"{self.operand(array(INT), depth)}[{self.index(depth)}]",
            lambda: self.field_of(INT, depth) or self.atom(INT),
            lambda: self.call_of(INT, depth) or self.atom(INT),
            lambda: self.call_of(INT, depth) or self.atom(INT),
            lambda: f"to_int({self.expression(self.pick((FLOAT, INT, BOOL)), depth)})",
            lambda: f"bit_{self.pick(('and', 'or', 'xor'))}({self.expression(INT, depth)}, {self.atom(INT)})",
            lambda: f"sum({self.expression(array(INT), depth)})",
            lambda: f"index_of({self.expression(array(INT), depth)}, {self.atom(INT)})",
            lambda: f"reduce({self.expression(array(INT), depth)}, 0, func(s, x) {{ return s + x }})",
        ))  # fmt: skip

    def _float(self, kind: Kind, depth: int) -> str:
        other = self.pick((FLOAT, FLOAT, INT))
        return self._one_of((
            lambda: self._binary(FLOAT, "++--**/%", other, depth),
            lambda: self._binary(INT, "++--**/%", FLOAT, depth),
            lambda: self.atom(FLOAT),
            lambda: f"-{self.operand(FLOAT, depth)}",
            lambda: self.field_of(FLOAT, depth) or self.atom(FLOAT),
            lambda: self.call_of(FLOAT, depth) or self.atom(FLOAT),
            lambda: f"to_float({self.expression(INT, depth)})",
            lambda: f"{self.operand(array(FLOAT), depth)}[{self.index(depth)}]",
            lambda: f"{self.pick(('abs', 'floor', 'ceil', 'round', 'sqrt'))}({self.atom(other)})",
            lambda: f"{self.pick(('min', 'max'))}({self.expression(FLOAT, depth)}, {self.atom(INT)})",
        ))  # fmt: skip

    def _bool(self, kind: Kind, depth: int) -> str:
        compared = self.pick((INT, INT, INT, FLOAT, TEXT))
        other = FLOAT if compared == INT and self.happens(0.1) else compared
        same = self.any_kind()
        if self.happens(0.1) and self.structs:
            name = self.pick(sorted(self.structs))
            return self._binary(struct(name), ("==", "!="), struct(name), depth)
        return self._one_of((
            lambda: self._binary(compared, ("<", "<=", ">", ">="), other, depth),
            lambda: f"({self.expression(compared, depth)} {self.pick(('<', '=='))} {self.literal(other)})",
            lambda: self._binary(same, ("==", "!="), same, depth),
            lambda: self._binary(ANY, ("==", "!="), ANY, depth),
            lambda: self._binary(BOOL, ("&&", "||"), self.pick((BOOL, ANY)), depth),
            lambda: f"!{self.operand(BOOL, depth)}",
            lambda: self.atom(BOOL),
            lambda: f"contains({self.expression(array(INT), depth)}, {self.atom(INT)})",
            lambda: f'has_key({self.expression(mapping(INT), depth)}, "{self.pick(KEYS)}")',
            lambda: f"is_{self.pick(('int', 'string', 'null', 'array'))}({self.expression(ANY, depth)})",
            lambda: self.call_of(BOOL, depth) or self.atom(BOOL),
        ))  # fmt: skip

    def _short_text(self, depth: int) -> str:
        """A string that cannot be a long one: only one part of a longer string may be."""
        return self._one_of((
            lambda: self.literal(TEXT),
            lambda: f'"<${{{self.expression(self.pick((INT, BOOL, FLOAT)), depth)}}}>"',
            lambda: f"type({self.expression(ANY, depth)})",
            lambda: f"to_string({self.expression(self.pick((INT, FLOAT, BOOL)), depth)})",
            lambda: f"{self.operand(TEXT, depth)}[{self.index(depth)}]",
        ))  # fmt: skip

    def _text(self, kind: Kind, depth: int) -> str:
        return self._one_of((
            lambda: f"({self.expression(TEXT, depth)} + {self._short_text(depth)})",
            lambda: f"({self._short_text(depth)} + {self.expression(TEXT, depth)})",
            lambda: f'"{self.pick(("", "v=", "é "))}${{{self.expression(self.any_scalar(), depth)}}}"',
            lambda: self._short_text(depth),
            lambda: self.atom(TEXT),
            lambda: f"{self.pick(('upper', 'lower', 'trim', 'str_reverse'))}({self.expression(TEXT, depth)})",
            lambda: f"substring({self.expression(TEXT, depth)}, 0, 3)",
            lambda: f"substring(to_string({self.expression(self.any_kind(), depth)}), 0, 24)",
            lambda: f'join({self.expression(array(TEXT), depth)}, "-")',
            lambda: self.field_of(TEXT, depth) or self.atom(TEXT),
            lambda: self.call_of(TEXT, depth) or self.atom(TEXT),
        ))  # fmt: skip

    def _elements(self, item: Kind, depth: int) -> str:
        parts = [self.expression(item, depth) for _ in range(self.chance.randint(1, 3))]
        if self.happens(0.3):
            parts.insert(self.chance.randint(0, len(parts)), f"...{self.operand(array(item), depth)}")
        return f"[{', '.join(parts)}]"

    def _array(self, kind: Kind, depth: int) -> str:
        item = kind.inner

        def whole() -> str:
            return self.expression(kind, depth)

        ways: list[Callable[[], str]] = [
            lambda: self._elements(item, depth), lambda: self._elements(item, depth),
            lambda: self.atom(kind), lambda: self.atom(kind),
            lambda: f"push({whole()}, {self.expression(item, depth)})",
            lambda: f"{self.pick(('take', 'skip'))}({whole()}, {self.pick('0123')})",
            lambda: f"slice({whole()}, {self.pick('012')}, {self.pick('1234')})",
            lambda: f"concat({whole()}, {self.literal(kind)})",
            lambda: f"reverse({whole()})",
            lambda: f"insert({whole()}, 0, {self.expression(item, depth)})",
            lambda: f"map({whole()}, func(x) {{ return x }})",
            lambda: f"filter({whole()}, func(x) {{ return x != {self.atom(item)} }})",
            lambda: f"values({self.expression(mapping(item), depth)})",
            lambda: self.field_of(kind, depth) or self.atom(kind),
            lambda: self.call_of(kind, depth) or self.atom(kind),
        ]  # fmt: skip
        if item == INT:
            ways.append(lambda: f"range({self.pick('1234')})")
            ways.append(lambda: f"map({whole()}, {self._function_of_x(depth)})")
            ways.append(lambda: f"sort({whole()})")
        if item == TEXT:
            ways.append(lambda: f'split({self.expression(TEXT, depth)}, "{self.pick((" ", "a", "-"))}")')
            ways.append(lambda: f"keys({self.expression(mapping(INT), depth)})")
        return self._one_of(ways)

    def _function_of_x(self, depth: int) -> str:
        """An anonymous function from int to int."""
        self.scopes.append({"x": INT})
        text = self.expression(INT, depth)
        self.scopes.pop()
        return f"func(x) {{ return {text} }}"

    def _dict(self, kind: Kind, depth: int) -> str:
        item = kind.inner

        def entries() -> str:
            count = self.chance.randint(0, 3)
            parts = [f'"{self.pick(KEYS)}": {self.expression(item, depth)}' for _ in range(count)]
            if self.happens(0.3):
                parts.insert(self.chance.randint(0, len(parts)), f"...{self.operand(kind, depth)}")
            if self.happens(0.1):
                parts.append(f"{self.expression(INT, 1)}: {self.expression(item, depth)}")
            return "{" + ", ".join(parts) + "}"

        return self._one_of((
            entries, entries, lambda: self.atom(kind),
            lambda: f"merge({self.expression(kind, depth)}, {self.literal(kind)})",
            lambda: f'delete({self.expression(kind, depth)}, "{self.pick(KEYS)}")',
            lambda: self.field_of(kind, depth) or self.atom(kind),
            lambda: self.call_of(kind, depth) or self.atom(kind),
        ))  # fmt: skip

    def _struct(self, kind: Kind, depth: int) -> str:
        operators = [
            (operator, right)
            for operator, (right, returned) in self.structs[kind.struct].operators.items()
            if returned == kind
        ]
        if operators and self.happens(0.4):
            operator, right = self.pick(operators)
            if operator == "neg":
                return f"-{self.operand(kind, depth)}"
            return f"({self.expression(kind, depth)} {operator} {self.expression(right, depth)})"
        return self._one_of((
            lambda: self._struct_literal(kind, lambda of: self.expression(of, depth)),
            lambda: self.atom(kind), lambda: self.atom(kind),
            lambda: self.call_of(kind, depth) or self.atom(kind),
        ))  # fmt: skip

    def _wrapped(self, kind: Kind, depth: int) -> str:
        if self.happens(0.5):
            return self.call_of(kind, depth) or self.atom(kind)
        if self.happens(0.3):
            return "None" if kind == option(kind.inner) else f"Err({self.expression(TEXT, depth)})"
        return f"{'Some' if kind.name == 'option' else 'Ok'}({self.expression(kind.inner, depth)})"

    def _function(self, kind: Kind, depth: int) -> str:
        if self.happens(0.5):
            return self.atom(kind)
        names = {self.new_name("p"): parameter for parameter in kind.parameters}
        with self.function_body(names, None):
            text = self.expression(kind.inner, depth)
        return f"func({', '.join(names)}) {{ return {text} }}"
