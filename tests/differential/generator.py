"""Random well-formed programs that do something: declarations first, then statements that use them."""

from __future__ import annotations

from tests.differential.holding import Holding
from tests.differential.holding_templates import HELPERS
from tests.differential.kinds import (
    ANY,
    BOOL,
    FLOAT,
    INT,
    TEXT,
    Kind,
    Method,
    Struct,
    array,
    function,
    struct,
)

OPERATOR_METHODS = {"+": "op_add", "-": "op_sub", "*": "op_mul", "neg": "op_neg"}
MIXED = '[1, 2.5, "s", true, null, [1, 2], 3, {"a": 1}, 9223372036854775807, "t", -1, 0.5]'

OPERATIONS = (
    "if a == b { return a }", "if a < b { return b }", "if a { c := b }", "c := a + b", "c := a - 1",
    "c := a % 7", "c := a / 2", "c := -a", "c := !a", "c := [a, b]", 'c := "${a}:${b}"', "c := a[0]",
    "c := a", "c := len(a)", "c := a.a", "c := a?.a ?? b", "c := [...a, 1]", "c := type(a)",
    "for i in 3 { c := a + i }",
    "try { c := a * b } except e { c := e.message }",
    "d := a\nd[0] := 7\nc := [a, d]",
    "for i in a {\n    c := i\n    if i == 20 { break }\n}",
    "j := 0\nwhile a < b && j < 9 {\n    a += 1\n    j += 1\n}",
    "match a {\n    case 1 { c := b }\n    case null { c := 0 }\n    default { c := 9 }\n}",
)  # fmt: skip
"""What a function of `a` and `b` may do, whose types it does not know; `c` is what it returns."""


def program(seed: int) -> str:
    """The program with that number."""
    return _Generator(seed).whole()


class _Generator(Holding):
    def whole(self) -> str:
        if self.is_holding:
            self._holding_parts()
        else:
            self._all_parts()
        return "\n".join(self.lines) + "\n"

    def _holding_parts(self) -> None:
        self.lines += HELPERS.splitlines()
        self.is_suspending = self.is_suspending and self.happens(0.1)
        if self.is_suspending:
            self.makers()
        for _ in range(self.chance.randint(1, 3)):
            self.holding_part()

    def _all_parts(self) -> None:
        for _ in range(self.chance.choice((0, 1, 1, 2))):
            self._struct_declaration()
        for _ in range(self.chance.randint(2, 6)):
            kind = self.any_kind()
            name = self.new_name("v")
            self.line(f"{name} := {self.expression(kind, 1) if self.happens(0.2) else self.literal(kind)}")
            self.declare(name, kind)
        for _ in range(self.chance.choice((1, 2, 2, 3))):
            self._function_declaration()
        if self.is_suspending:
            self.makers()
        for _ in range(self.chance.randint(3, 8)):
            self._part()
        self._ending()

    def _part(self) -> None:
        way = self.chance.random()
        if way < 0.05:
            self.statement()
        elif way < 0.25:
            self._hot_calls()
        elif way < 0.4:
            self._changing_calls()
        else:
            with self.block("try", closing="} except problem {"):
                self.body(self.chance.randint(1, 4))
            self.line("    print(problem.message, problem.line, problem.stack)")
            self.line("}")

    def _ending(self) -> None:
        """Everything the program knows; then perhaps an error that nobody catches."""
        for name, kind in self.scopes[0].items():
            if kind.name != "function":
                self.line(f"print({name})")
        if self.is_suspending:
            self.line('print("ticks", tick.receive(), tick.receive())')
        if self.happens(0.5):
            self.body(2)

    # ------------------------------------------------------------------ hot functions

    def _functions(self) -> list[tuple[str, Kind]]:
        return [
            (name, kind)
            for name, kind in self.visible().items()
            if kind.name == "function" and self.affordable(kind.cost * 30)
        ]

    def _hot_calls(self) -> None:
        """A function called in a loop, more often than makes it hot if that is not too much."""
        found = self._functions()
        if not found:
            return
        name, kind = self.pick(found)
        times = 220 if self.affordable(kind.cost * 220) else 25
        with self.block(f"for k in {times}", times):
            self.declare("k", INT, fixed=True)
            with self.block("try", closing="} except problem {"):
                self.line(f"t := {self.call(name, kind, 2)}")
                self.line(f"if k % 40 == 0 || k > {times - 2} {{ print(k, t) }}")
            self.line(f"    if k < 4 || k > {times - 3} {{ print(problem.message, problem.line) }}")
            self.line("}")

    def _changing_calls(self) -> None:
        """A function called with values of changing types."""
        found = [(name, kind) for name, kind in self._functions() if kind.parameters]
        if not found:
            return
        name, kind = self.pick(found)
        times = self.pick((12, 130)) if self.affordable(kind.cost * 150) else 12
        self.work += self.load * times * kind.cost
        with self.block(f"for x in {MIXED}", 12):
            arguments = [self.literal(parameter) for parameter in kind.parameters]
            arguments[self.chance.randrange(len(arguments))] = "x"
            with self.block("try", closing="} except problem {"):
                self.line(f"print(x, {name}({', '.join(arguments)}))")
            self.line("    print(x, problem.message, problem.line)")
            self.line("}")

    # ------------------------------------------------------------------- declarations

    def _function_declaration(self) -> None:
        way = self.chance.random()
        if way < 0.25:
            self._recursive_function()
        elif way < 0.4:
            self._polymorphic_function()
        elif way < 0.5:
            self._counter_maker()
        else:
            parameters = tuple(self.any_kind(1) for _ in range(self.chance.randint(0, 3)))
            self._function_over(self.new_name("f"), parameters, named=True)

    def _recursive_function(self) -> None:
        name, returned = self.new_name("f"), self.any_kind(1)
        other = self.any_kind(1)
        names = {"n": INT, "p": other}
        with self.function_body(names, returned) as cost:
            self.fixed.add("n")
            self.load = 0
            self.line(f"func {name}(n, p) {{")
            self.load, self.depth = 1, self.depth + 1
            self.line(f"if n <= 0 {{ return {self.expression(returned, 2)} }}")
            self.body(self.chance.randint(0, 2))
            again = f"{name}(n - {self.pick('112')}, {self.expression(other, 2)})"
            if returned in (INT, FLOAT) and self.happens(0.5):
                self.line(f"return {again} {self.pick('+-')} {self.expression(returned, 2)}")
            elif returned in (INT, FLOAT) and self.happens(0.4):
                self.line(f"return {again} % 1000 + {name}(n - 2, p)")
                self.work *= 3
            else:
                self.line(f"{(result := self.new_name())} := {again}")
                self.declare(result, returned)
                self.line(f"return {self.expression(returned, 2)}")
            self.depth -= 1
            self.line("}")
        self.fixed.discard("n")
        wrapper = self.new_name("f")
        depth = self.chance.randint(2, 9)
        self.line(f"func {wrapper}(p) {{ return {name}({depth}, p) }}")
        self.declare(wrapper, function((other,), returned, cost[0] * depth), fixed=True)

    def _polymorphic_function(self) -> None:
        """A function whose operations depend on what it is given."""
        name = self.new_name("f")
        operations = self.chance.sample(OPERATIONS, self.chance.randint(1, 4))
        self.line(f"func {name}(a, b) {{")
        self.line("    c := null")
        for operation in operations:
            for line in operation.split("\n"):
                self.line("    " + line)
        self.line("    return c")
        self.line("}")
        self.declare(name, function((self.pick((ANY, INT, FLOAT)), INT), ANY, 12), fixed=True)

    def _counter_maker(self) -> None:
        """A function that returns closures over its variables."""
        name, kind = self.new_name("f"), self.pick((INT, TEXT, array(INT)))
        step = {INT: "+= p", TEXT: ":= substring(p + n, 0, 9)"}.get(kind, ":= take(concat(p, n), 6)")
        self.line(f"func {name}(p) {{")
        self.line(f"    n := {self.literal(kind)}")
        self.line(f"    return func(p) {{ n {step}; return n }}")
        self.line("}")
        made = self.new_name("f")
        self.line(f"{made} := {name}({self.literal(kind)})")
        self.declare(made, function((kind,), kind, 3), fixed=True)

    def _struct_declaration(self) -> None:
        declared = Struct(f"S{len(self.structs) + 1}", {})
        self.line(f"struct {declared.name} {{")
        for field in ("x", "y", "z")[: self.chance.randint(1, 3)]:
            kind = self.any_kind(1)
            default = f" = {self.literal(kind)}" if self.happens(0.4) else ""
            if default:
                declared.defaults.add(field)
            self.line(f"    {field}{default}")
            declared.fields[field] = kind
        self.structs[declared.name] = declared
        for _ in range(self.chance.randint(0, 3)):
            self._method(declared)
        for operator in self.chance.sample(sorted(OPERATOR_METHODS), self.chance.randint(0, 2)):
            self._operator_method(declared, operator)
        if self.happens(0.3):
            self._comparing_method(declared)
        self.line("}")

    def _method(self, declared: Struct) -> None:
        returned = struct(declared.name) if self.happens(0.35) else self.any_kind(1)
        parameters = tuple(self.any_kind(1) for _ in range(self.chance.randint(0, 2)))
        name = self.new_name("go")
        names = {self.new_name("p"): kind for kind in parameters}
        uses_self = self.happens(0.7)
        inside = {"self": struct(declared.name)} if uses_self else dict(declared.fields)
        with self.function_body({**inside, **names}, returned) as cost:
            self.load = 0
            self.line(f"    func {name}({', '.join([*(['self'] if uses_self else []), *names])}) {{")
            self.load, self.depth = 1, self.depth + 2
            if uses_self and self.happens(0.6):
                self._write_into("self", struct(declared.name))
            self.body(self.chance.randint(0, 2))
            self.line(f"return {self.expression(returned)}")
            self.depth -= 2
            self.line("    }")
        declared.methods.append(Method(name, parameters, returned, cost[0]))

    def _operator_method(self, declared: Struct, operator: str) -> None:
        own = struct(declared.name)
        right = self.pick((own, own, INT))
        parameters = {"self": own} if operator == "neg" else {"self": own, "other": right}
        with self.function_body(parameters, own):
            self.line(f"    func {OPERATOR_METHODS[operator]}({', '.join(parameters)}) {{")
            self.depth += 2
            self._write_into("self", own)
            self.line(f"return {self.expression(own, 2)}")
            self.depth -= 2
            self.line("    }")
        declared.operators[operator] = (right, own)

    def _comparing_method(self, declared: Struct) -> None:
        names = {"self": struct(declared.name), "other": struct(declared.name)}
        with self.function_body(names, BOOL):
            text = self.expression(self.pick((BOOL, INT, TEXT)), 2)
        self.line(f"    func {self.pick(('op_eq', 'op_lt', 'op_ne'))}(self, other) {{ return {text} }}")
