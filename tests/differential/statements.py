"""Random statements: bindings, places, branches, loops, matches, errors, closures."""

from __future__ import annotations

from collections.abc import Callable

from tests.differential.expressions import KEYS, Expressions
from tests.differential.kinds import (
    ANY,
    BOOL,
    FLOAT,
    INT,
    TAG,
    TEXT,
    Kind,
    array,
    function,
    mapping,
    option,
    result,
)

NESTING = 4
TIMES_OF_A_LOOP = (2, 3, 3, 5, 8, 12, 12, 40, 130, 300, 1200)


class Statements(Expressions):
    """Adds statements."""

    def body(self, count: int) -> None:
        """So many statements."""
        for _ in range(count):
            self.statement()

    def statement(self) -> None:
        """One statement, with everything inside it."""
        simple: list[tuple[Callable[[], None], float]] = [
            (self._bind, 5), (self._assign, 5), (self._compound, 3), (self._place, 4), (self._alias, 2),
            (self._print, 3), (self._destructure, 1), (self._closure, 1.5), (self._call, 2), (self._jump, 1),
            (self._throw, 0.2), (self._collect, 1), (self._change_kind, 0.7),
        ]  # fmt: skip
        nested: list[tuple[Callable[[], None], float]] = [
            (self._if, 4), (self._for, 3.5), (self._while, 2.5), (self._match, 1.5), (self._try, 1.5),
            (self._local_function, 0.7),
        ]  # fmt: skip
        choices = simple + (nested if self.depth < NESTING and self.affordable(20) else [])
        makers, weights = zip(*choices, strict=True)
        self.chance.choices(makers, weights)[0]()

    # ---------------------------------------------------------------------- bindings

    def _bind(self) -> None:
        kind = ANY if self.happens(0.08) else self.any_kind()
        keyword = self.pick(("", "", "", "let ", "mut ", "const "))
        hidden = [name for name in self.visible() if name not in self.scopes[-1] and name.startswith("v")]
        is_hiding = bool(keyword) and bool(hidden) and self.happens(0.3)
        text = self.expression(kind)
        name = self.pick(hidden) if is_hiding else self.new_name()
        self.line(f"{keyword}{name} := {text}")
        self.fixed.discard(name)
        self.declare(name, kind, fixed=keyword in ("let ", "const ") and not self.happens(self.slips))

    def _target(self, kind: Kind) -> str | None:
        names = [name for name in self.names_of(kind, writable=True) if not name.startswith("k")]
        return self.pick(names) if names else None

    def _assign(self) -> None:
        kind = self.any_kind()
        name = self._target(kind)
        if name is None:
            self._bind()
            return
        text = self.expression(kind)
        if self.load > 1 or self.functions:
            text = self._limited(kind, text)
        self.line(f"{name} {self.pick((':=', '='))} {text}")

    def _limited(self, kind: Kind, text: str) -> str:
        """The expression with a bound on its size: without one, values could double in a loop."""
        if kind == TEXT:
            return f"substring({text}, 0, 12)"
        if kind.name == "array":
            return f"take({text}, 5)"
        if kind == INT and self.happens(0.4):
            return f"({text}) % {self.pick(('97', '1000', '65537'))}"
        return text

    def _compound(self) -> None:
        kind = self.pick((INT, INT, INT, FLOAT, TEXT))
        name = self._target(kind)
        if name is None:
            return
        if kind == TEXT:
            self.line(f"{name} += {self.pick((self.literal(TEXT), 'type(1)'))}")
            return
        operator = self.chance.choices("+-*/%", (8, 6, 1.5, 1, 1.5))[0]
        right = self.expression(kind) if operator in "+-" else self.pick(("2", "3", "7"))
        self.line(f"{name} {operator}= {right}")

    def _change_kind(self) -> None:
        """Gives a name another type for a while; whatever uses it meanwhile may fail."""
        kind = self.any_scalar()
        name = self._target(kind)
        if name is None:
            return
        other = self.any_kind()
        self.line(f"{name} := {self.expression(other, 2)}")
        self.scopes[-1][name] = other if name in self.scopes[-1] else ANY

    # ------------------------------------------------------------------------ places

    def _steps(self, kind: Kind) -> tuple[str, Kind]:
        """Random steps into data of that type, and the type of what is there."""
        text = ""
        while True:
            if kind.name == "array":
                text += f"[{self.index(1)}]"
                kind = kind.inner
            elif kind.name == "dict":
                key = self.pick(KEYS)
                text += f".{key}" if self.happens(0.3) and key.isidentifier() else f'["{key}"]'
                kind = kind.inner
            elif kind.name == "struct":
                name = self.pick(sorted(self.structs[kind.struct].fields))
                text += f".{name}"
                kind = self.structs[kind.struct].fields[name]
            if kind.name not in ("array", "dict", "struct") or self.happens(0.35):
                return text, kind

    def _of_data(self, writable: bool) -> list[tuple[str, Kind]]:
        return [
            (name, kind)
            for name, kind in self.visible().items()
            if kind.name in ("array", "dict", "struct") and not (writable and name in self.fixed)
        ]

    def _place(self) -> None:
        found = self._of_data(not self.happens(self.slips))
        if not found:
            self._bind()
            return
        self._write_into(*self.pick(found))

    def _write_into(self, name: str, kind: Kind) -> None:
        steps, leaf = self._steps(kind)
        if leaf in (INT, FLOAT) and self.happens(0.4):
            right = self.pick((self.literal(leaf), "1", "2"))
            self.line(f"{name}{steps} {self.pick(('+=', '-=', '*='))} {right}")
        else:
            self.line(f"{name}{steps} := {self._limited(leaf, self.expression(leaf, 2))}")

    def _alias(self) -> None:
        """Two names for one value, of which one is changed."""
        found = self._of_data(writable=False)
        if not found:
            self._bind()
            return
        name, kind = self.pick(found)
        copy = self.new_name()
        source = self.pick((name, name, f"[{name}][0]", f"(func(x) {{ return x }})({name})"))
        self.line(f"{copy} := {source}")
        self.declare(copy, kind)
        for changed in (copy, name) if self.happens(0.3) and name not in self.fixed else (copy,):
            self._write_into(changed, kind)
        if self.load <= 12:
            self.line(f"print({name}, {copy})")

    def _collect(self) -> None:
        """Grows an array or a string by one."""
        kind = self.pick((array(INT), array(TEXT), array(array(INT)), array(FLOAT)))
        name = self._target(kind)
        if name is None:
            self.line(f"{(fresh := self.new_name())} := {self.literal(kind)}")
            self.declare(fresh, kind)
            return
        self.line(f"{name} := push({name}, {self.expression(kind.inner, 2)})")

    def _destructure(self) -> None:
        kind = self.any_kind(1)
        names = [self.new_name() for _ in range(self.chance.randint(1, 3))]
        keyword = self.pick(("", "let ", "mut "))
        if self.happens(0.3):
            targets = self.names_of(INT, writable=True)
            if len(targets) > 1:
                first, second = self.chance.sample(targets, 2)
                if not (first.startswith("k") or second.startswith("k")):
                    self.line(f"[{first}, {second}] := [{second}, {first}]")
                    return
        if self.happens(0.6):
            rest = self.new_name()
            text = self.expression(array(kind), 2)
            self.line(f"{keyword}[{', '.join(names)}, ...{rest}] := {text}")
            self.declare(rest, array(kind), fixed=keyword == "let ")
        else:
            names = self.chance.sample(("a", "b", "c"), 2)
            if any(name in self.scopes[-1] for name in names):
                return
            self.line(f"let {{{', '.join(names)}}} := {self.expression(mapping(kind), 2)}")
            keyword = "let "
        for name in names:
            self.declare(name, ANY, fixed=keyword == "let ")

    # ------------------------------------------------------------------ simple effects

    def _print(self) -> None:
        if self.load > 40:
            counters = [name for name in self.names_of(INT) if name.startswith("k")]
            if not counters:
                return
            with self.block(f"if {counters[-1]} % {self.pick(('17', '50', '111'))} == 0"):
                self.line(f"print({self.atom(self.any_kind())}, {self.atom(self.any_scalar())})")
            return
        parts = [self.expression(self.any_kind(), 2) for _ in range(self.chance.randint(1, 3))]
        self.line(f"print({', '.join(parts)})")

    def _call(self) -> None:
        kind = self.any_kind(1)
        text = self.call_of(kind, 2)
        if text is not None:
            self.line(f"{self.new_name('t')} := {text}")

    def _jump(self) -> None:
        """A conditional `break`, `continue` or `return`."""
        words = ["break", "continue"] if self.loops else []
        if self.returned is not None:
            words.append(f"return {self.expression(self.returned, 2)}")
        elif self.functions:
            return
        if words:
            with self.block(f"if {self.expression(BOOL, 2)}"):
                self.line(self.pick(words))

    def _throw(self) -> None:
        kind = self.pick((TEXT, TEXT, INT, self.any_kind()))
        with self.block(f"if {self.expression(BOOL, 2)}"):
            self.line(f"throw({self.expression(kind, 2)})")

    # ------------------------------------------------------------------ control flow

    def _if(self) -> None:
        condition = BOOL if self.happens(0.85) else self.any_kind()
        is_last = not self.happens(0.5)
        with self.block(f"if {self.expression(condition)}", closing="}" if is_last else "} else {"):
            self.body(self.chance.randint(1, 3))
        if is_last:
            return
        self.depth += 1
        self.scopes.append({})
        self.body(self.chance.randint(1, 2))
        self.scopes.pop()
        self.depth -= 1
        self.line("}")

    def _times(self) -> int:
        fitting = [times for times in TIMES_OF_A_LOOP if self.affordable(times * 8)]
        return self.pick(fitting) if fitting else 2

    def _loop_body(self) -> None:
        self.loops += 1
        self.body(self.chance.randint(1, 5))
        self.loops -= 1

    def _for(self) -> None:
        name = self.new_name("k" if self.happens(0.8) else "v")
        times = self._times()
        if self.happens(0.5):
            kind, source = INT, self.pick((str(times), f"range({times})", f"range(-{times}, {times * 3}, 4)"))
        else:
            times = 4
            kind = self.any_kind(1)
            source = self.expression(array(kind), 2)
            if self.happens(0.25):
                kind, source = TEXT, self.expression(self.pick((TEXT, mapping(INT))), 2)
            elif self.happens(0.25):
                kind, source = ANY, '[1, 2.5, "s", true, null, [1], 3, {"a": 1}]'
        with self.block(f"for {name} in {source}", times):
            self.declare(name, kind, fixed=name.startswith("k") or self.happens(0.5))
            self._loop_body()

    def _while(self) -> None:
        name = self.new_name("k")
        times = self._times()
        self.line(f"{name} := 0")
        self.declare(name, INT, fixed=True)
        header = self.pick((f"while {name} < {times}", f"loop while {name} < {times}", "loop"))
        if header.startswith("while") and self.happens(0.2):
            header += f" && {self.expression(BOOL, 2)}"
        with self.block(header, times):
            self.line(f"{name} += {self.pick('1112')}")
            if header == "loop":
                self.line(f"if {name} > {times} {{ break }}")
            self._loop_body()

    def _match(self) -> None:
        kind = self.pick((INT, INT, TEXT, option(self.any_scalar()), result(self.any_scalar()), TAG, ANY))
        with self.block(f"match {self.expression(kind, 2)}"):
            for _ in range(self.chance.randint(1, 3)):
                self._arm(kind)
            if self.happens(0.6):
                with self.block(self.pick(("default", "default:", "case _"))):
                    self.body(self.chance.randint(1, 2))

    def _arm(self, kind: Kind) -> None:
        name = self.new_name("m")
        bound: dict[str, Kind] = {}
        if kind.name in ("option", "result"):
            pattern = self.pick(("Some", "None") if kind.name == "option" else ("Ok", "Err", "Result::Ok"))
            if pattern != "None" and self.happens(0.8):
                bound[name] = TEXT if pattern == "Err" else kind.inner
                pattern += f"({name})"
        elif kind == TAG:
            pattern = self.pick(("Shape::Dot", "Shape::Box", f"Shape::Box({name})", f"Shape::Dot({name}, _)"))
            bound = {name: ANY} if name in pattern else {}
        else:
            pattern = self.literal(kind if kind in (INT, TEXT) else self.any_scalar())
        self.scopes.append(bound)
        guard = f" if {self.expression(BOOL, 2)}" if self.happens(0.3) else ""
        with self.block(f"case {pattern}{guard}"):
            self.body(self.chance.randint(1, 2))
        self.scopes.pop()

    def _try(self) -> None:
        name = self.new_name("e")
        with self.block("try", closing=f"}} except {name} {{"):
            self.body(self.chance.randint(1, 4))
        self.depth += 1
        self.scopes.append({})
        if self.load <= 12:
            self.line(f'print("caught", {name}.message, {name}.line)')
        self.body(self.chance.randint(0, 2))
        if self.happens(0.05):
            self.line(f"throw({name})")
        self.scopes.pop()
        self.depth -= 1
        self.line("}")

    # ---------------------------------------------------------------------- functions

    def _closure(self) -> None:
        """A name for an anonymous function that may read and write what is around it."""
        parameters = tuple(self.any_kind(1) for _ in range(self.chance.randint(0, 2)))
        self._function_over(self.new_name("f"), parameters, named=False)

    def _local_function(self) -> None:
        parameters = tuple(self.any_kind(1) for _ in range(self.chance.randint(0, 2)))
        self._function_over(self.new_name("f"), parameters, named=True)

    def _function_over(self, name: str, parameters: tuple[Kind, ...], named: bool) -> None:
        returned = self.any_kind(1)
        names = {self.new_name("p"): kind for kind in parameters}
        listed = ", ".join(names)
        header = f"func {name}({listed})" if named else f"{name} := func({listed})"
        with self.function_body(names, returned) as cost:
            self.load = 0
            self.line(header + " {")
            self.load = 1
            self.depth += 1
            self.body(self.chance.randint(0, 3))
            self.line(f"return {self.expression(returned)}")
            self.depth -= 1
            self.line("}")
        self.declare(name, function(parameters, returned, cost[0]), fixed=True)
