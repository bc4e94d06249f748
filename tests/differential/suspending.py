"""Random code that is left in the middle: generators, iterators, async functions, channels.

Tasks meet only at the channel `tick` and at promises, never through time, so that the order in
which they run is the same in every way of running.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.differential.kinds import INT, Kind, array, option
from tests.differential.statements import Statements

PAUSE = "tick.receive()"
MOST_ITEMS = 6


@dataclass(frozen=True, slots=True)
class Maker:
    """A generator function or async function: what it takes, gives, and costs."""

    name: str
    parameters: tuple[Kind, ...]
    item: Kind
    cost: int
    endless: bool = False


def generator(item: Kind) -> Kind:
    """The type of a generator or iterator."""
    return Kind("generator", item)


def promise(item: Kind) -> Kind:
    """The type of a promise."""
    return Kind("promise", item)


class Suspending(Statements):
    """Adds generators and tasks; `is_suspending` programs have some."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.is_suspending = self.happens(0.5)
        self.generators: list[Maker] = []
        self.asyncs: list[Maker] = []
        self.yielded: Kind | None = None

    @contextmanager
    def function_body(self, parameters: dict[str, Kind], returned: Kind | None) -> Iterator[list[int]]:
        yielded, self.yielded = self.yielded, None
        with super().function_body(parameters, returned) as cost:
            yield cost
        self.yielded = yielded

    # -------------------------------------------------------------------- declarations

    def makers(self) -> None:
        """Declares generator functions and async functions."""
        self.line("tick := channel()")
        for _ in range(self.chance.randint(1, 3)):
            self._generator_function(self.happens(0.2))
        for _ in range(self.chance.randint(1, 3)):
            self._async_function()

    def _generator_function(self, endless: bool) -> None:
        name, item = self.new_name("g"), self.any_kind(1)
        parameters = tuple(self.any_kind(1) for _ in range(self.chance.randint(0, 2)))
        names = {self.new_name("p"): kind for kind in parameters}
        with self.function_body(names, None) as cost:
            self.yielded = item
            self.load = 0
            self.line(f"func* {name}({', '.join(names)}) {{")
            self.load, self.depth = 1, self.depth + 1
            if endless:
                with self.block("loop", 3):
                    self.line(f"yield {self.expression(item, 2)}")
                    self.body(self.chance.randint(0, 2))
            else:
                self.body(self.chance.randint(1, 4))
                self.line(f"yield {self.expression(item, 2)}")
                if self.happens(0.3):
                    self.line(f"return {self.expression(INT, 1)}")
            self.depth -= 1
            self.line("}")
        self.generators.append(Maker(name, parameters, item, cost[0] + MOST_ITEMS, endless))

    def _async_function(self) -> None:
        name, item = self.new_name("a"), self.any_kind(1)
        parameters = tuple(self.any_kind(1) for _ in range(self.chance.randint(0, 2)))
        names = {self.new_name("p"): kind for kind in parameters}
        with self.function_body(names, item) as cost:
            self.load = 0
            self.line(f"async func {name}({', '.join(names)}) {{")
            self.load, self.depth = 1, self.depth + 1
            for _ in range(self.chance.randint(1, 3)):
                self.body(self.chance.randint(0, 2))
                self.line(self.pick((PAUSE, PAUSE, f'print("{name}", {self.expression(item, 2)})')))
            self.line(f"return {self.expression(item)}")
            self.depth -= 1
            self.line("}")
        self.asyncs.append(Maker(name, parameters, item, cost[0] + 4))

    # ----------------------------------------------------------------------- statements

    def statement(self) -> None:
        if self.is_suspending and self.happens(0.22) and self.affordable(12):
            ways: list[Callable[[], None]] = [
                self._consume, self._consume, self._keep_generator, self._start, self._start, self._wait, self._tick,
            ]  # fmt: skip
            if self.yielded is not None:
                ways += [self._yield] * 8
            self.pick(ways)()
            return
        super().statement()

    def _yield(self) -> None:
        assert self.yielded is not None
        item = self.expression(self.yielded, 2)
        way = self.chance.random()
        if way < 0.7:
            self.line(f"yield {item}")
        elif way < 0.85:
            # Whatever an expression holds already must not change while it is suspended.
            kind = self.any_kind()
            self.line(f"print([{self.expression(kind, 2)}, yield {item}, {self.expression(kind, 2)}])")
        else:
            with self.block("try", closing="} except problem { print(problem.message) }"):
                self.line(f"yield {item}")
                self.body(1)

    def _call_of_maker(self, maker: Maker, depth: int) -> str:
        self.work += self.load * maker.cost
        return f"{maker.name}({', '.join(self.expression(kind, depth) for kind in maker.parameters)})"

    def _affordable_makers(self, makers: list[Maker], item: Kind | None = None) -> list[Maker]:
        return [
            maker for maker in makers if self.affordable(maker.cost) and (item is None or maker.item == item)
        ]

    def lazy(self, item: Kind | None, depth: int) -> tuple[str, Kind] | None:
        """A chain over a generator or array that ends, and the type of its items."""
        names = [
            (name, kind.inner)
            for name, kind in self.visible().items()
            if kind.name == "generator" and item in (None, kind.inner)
        ]
        makers = self._affordable_makers(self.generators, item)
        endless = False
        if names and self.happens(0.4):
            text, kind = self.pick(names)
        elif makers:
            maker = self.pick(makers)
            text, kind, endless = self._call_of_maker(maker, depth), maker.item, maker.endless
        else:
            kind = item or self.any_kind(1)
            text = self.operand(array(kind), depth)
        if endless:
            text += f".take({self.pick('1234')})"
        for _ in range(self.chance.randint(0, 2)):
            text += self.pick((
                ".map(func(x) { return x })", ".filter(func(x) { return x })",
                f".filter(func(x) {{ return x != {self.literal(kind)} }})", f".take({self.pick('1234')})",
            ))  # fmt: skip
        return f"{text}.take({self.pick('2345')})", kind

    def _consume(self) -> None:
        found = self.lazy(None, 2)
        if found is None:
            return
        text, kind = found
        if self.happens(0.3):
            self.line(f"print({text}.collect())")
            return
        with self.block(f"for {(name := self.new_name())} in {text}", 4):
            self.declare(name, kind)
            self._loop_body()

    def _keep_generator(self) -> None:
        makers = [maker for maker in self._affordable_makers(self.generators) if not maker.endless]
        if makers:
            maker = self.pick(makers)
            name = self.new_name("g")
            self.line(f"{name} := {self._call_of_maker(maker, 2)}")
            self.declare(name, generator(maker.item), fixed=True)
            if self.happens(0.5):
                self.line(f"print({name}, {name}.next(), {name})")

    def _start(self) -> None:
        makers = self._affordable_makers(self.asyncs)
        if makers:
            maker = self.pick(makers)
            name = self.new_name("q")
            self.line(f"{name} := {self._call_of_maker(maker, 2)}")
            self.declare(name, promise(maker.item), fixed=True)

    def _promises(self, item: Kind | None = None) -> list[tuple[str, Kind]]:
        return [
            (name, kind.inner)
            for name, kind in self.visible().items()
            if kind.name == "promise" and item in (None, kind.inner)
        ]

    def _wait(self) -> None:
        found = self._promises()
        if len(found) > 1 and self.happens(0.3):
            names = [name for name, _ in self.chance.sample(found, 2)]
            self.line(f"print(await promise_all([{', '.join(names)}]))")
        elif found:
            name, kind = self.pick(found)
            fresh = self.new_name()
            self.line(f"{fresh} := await {name}")
            self.declare(fresh, kind)

    def _tick(self) -> None:
        self.line(self.pick(("tick.send(1)", "tick.send(2)", PAUSE)))

    # ---------------------------------------------------------------------- expressions

    def call_of(self, kind: Kind, depth: int) -> str | None:
        if self.is_suspending and self.happens(0.3):
            text = self._awaited(kind, depth)
            if text is not None:
                return text
        return super().call_of(kind, depth)

    def _awaited(self, kind: Kind, depth: int) -> str | None:
        """A value that comes out of a promise, a generator or an iterator."""
        promises = self._promises(kind)
        makers = self._affordable_makers(self.asyncs, kind)
        if promises and self.happens(0.5):
            return f"(await {self.pick(promises)[0]})"
        if makers and self.happens(0.7):
            return f"(await {self._call_of_maker(self.pick(makers), depth)})"
        if kind.name == "array":
            found = self.lazy(kind.inner, depth)
            return None if found is None else f"{found[0]}.collect()"
        if kind.name == "option":
            found = self.lazy(kind.inner, depth)
            return None if found is None or kind != option(found[1]) else f"{found[0]}.next()"
        return None
