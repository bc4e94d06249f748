"""The table of ways in which two names come to hold one value.

Those that are one expression are listed here; the others are in `holdings.txt`, code under a line
`=== name`, behind which in parentheses may stand: `arrays` or `dicts`, if it does only for these, and
`once`, if it can be run or costs so much that it is run only a single time.  In the code

    VALUE               is a fresh value;
    $name               is a name that belongs to this use of the code;
    HELD BY P AND Q     says that the places P and Q hold the value: both are written, then shown.

Where a holder can be reached only from inside, the code itself says where that happens:

    <first P>           here the first holder, the place P, is written, if this program writes the first;
    ?second E           here the second holder is shown, by the expression E;
    ?third E            here E shows a further holder, which is never written.

Behind `--- module` is the code of a module, which the code calls MODULE.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass
from pathlib import Path

from tests.value_semantics.kinds import ALL, ARRAYS, DICTS
from tests.value_semantics.suspended_holdings import suspended_holdings

_LONGER = Path(__file__).with_name("holdings.txt")
_FLAT_ARRAYS = frozenset({"ints", "floats", "bools", "mixed"})


@dataclass(frozen=True, slots=True)
class Holding:
    """A way to hold one value twice: code with marks, and for which kinds of values it does."""

    name: str
    code: str
    kinds: Set[str] = ALL
    once: bool = False
    module: str = ""

    def can_write(self, holder: str) -> bool:
        """Whether the code lets that holder be written."""
        return f"<{holder} " in self.code + self.module

    @property
    def shown(self) -> list[str]:
        """The holders that are shown."""
        return re.findall(r"^ *\?(\w+) ", f"{self.code}\n{self.module}", re.MULTILINE)


def _both(first: str, second: str) -> str:
    """Marks that write and show two places."""
    return f"<first {first}>\n<second {second}>\n?first {first}\n?second {second}"


def _longer_holdings() -> Iterator[Holding]:
    """The holdings of the text file."""
    for entry in re.split(r"^=== ", _LONGER.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        heading, code = re.sub(r"^##.*", "", entry, flags=re.MULTILINE).split("\n", 1)
        match = re.fullmatch(r"(.*?)(?: \(([\w -]+)\))?", heading)
        assert match is not None
        options = (match[2] or "").split()
        code = re.sub(r"^HELD BY (.*) AND (.*)$", lambda held: _both(held[1], held[2]), code, flags=re.MULTILINE)
        code, _, module = code.partition("--- module\n")
        kinds = ARRAYS if "arrays" in options else DICTS if "dicts" in options else ALL
        yield Holding(match[1], code.strip(), kinds, "once" in options, module)


def _hands_on(name: str, expression: str, kinds: Set[str] = ALL, *, part: str = "") -> Holding:
    """An expression that gives `$a` back, or something whose `part` is that."""
    return Holding(name, f"$a := VALUE\n$b := {expression}\n{_both('$a', f'$b{part}')}", kinds)


def _taken_out(name: str, container: str, place: str) -> Holding:
    """A value read out of a container, which goes on holding it."""
    return Holding(f"read from {name}", f"$a := {container}\n$b := $a{place}\n{_both(f'$a{place}', '$b')}")


def _parts(name: str, container: str, place: str) -> Holding:
    """Two copies of a container, in the same place of which the value is."""
    return Holding(f"in two copies of {name}", f"$a := {container}\n$b := $a\n{_both(f'$a{place}', f'$b{place}')}")


def _put_in(name: str, container: str, place: str) -> Holding:
    """A value stored in a container that was there before."""
    code = f"$a := VALUE\n$b := {container}\n$b{place} := $a\n{_both('$a', f'$b{place}')}"
    return Holding(f"stored in {name}", code)


def _callback(name: str, call: str, result: str) -> Holding:
    """A builtin whose callback writes the array that it goes over; the call gives the array as it was."""
    body = f"{{\nif $n == 0 {{\n$n := 1\n<first $a>\n}}\nreturn {result} }}"
    code = f"$a := VALUE\n$n := 0\n$b := {call.replace('BODY', body)}\n<second $b>\n?first $a\n?second $b"
    return Holding(f"what {name} goes over", code, kinds=ARRAYS)


_SHORT: tuple[Holding, ...] = (
    _hands_on("assignment", "$a"),
    _hands_on("parentheses", "(($a))"),
    _hands_on("??", "$a ?? 0"),
    _hands_on("?? on the right", "null ?? $a"),
    _hands_on("a branch", "choose(true, $a, 0)"),
    _hands_on("an element", "[0, $a]", part="[1]"),
    _hands_on("two elements", "[$a, $a]", part="[1]"),
    _hands_on("an entry", '{"x": $a}', part='["x"]'),
    _hands_on("a field", "Pair { x: $a, y: 0 }", part=".x"),
    _hands_on("an undeclared field", "Pair { z: $a }", part=".z"),
    _hands_on("an undeclared struct's field", "Unknown { x: $a }", part=".x"),
    _hands_on("deep inside", '[{"x": Pair { x: [$a] }}]', part='[0]["x"].x[0]'),
    _put_in("an element", "[0]", "[0]"),
    _put_in("an entry", "{}", '["x"]'),
    _put_in("an entry, by name", "{}", ".x"),
    _put_in("a field", "Pair { x: 0, y: 0 }", ".x"),
    _put_in("an undeclared field", "Pair { }", ".z"),
    _put_in("a nested place", "[Pair { x: [0] }]", "[0].x[0]"),
    _taken_out("an element", "[VALUE]", "[0]"),
    _taken_out("an entry", '{"x": VALUE}', '["x"]'),
    _taken_out("an entry, by name", '{"x": VALUE}', ".x"),
    _taken_out("a field", "Pair { x: VALUE, y: 1 }", ".x"),
    _taken_out("an undeclared field", "Pair { z: VALUE }", ".z"),
    _taken_out("a nested place", '[{"x": Pair { x: [VALUE] }}]', '[0]["x"].x[0]'),
    _parts("an array", "[VALUE, 1]", "[0]"),
    _parts("a dict", '{"x": VALUE}', '["x"]'),
    _parts("a struct", "Pair { x: VALUE }", ".x"),
    _parts("a deep array", "[[[VALUE]]]", "[0][0][0]"),
    _parts("a deep mixture", '{"x": [Pair { y: {"z": VALUE} }]}', '["x"][0].y["z"]'),
    _hands_on("spread of an array", "[...$a]", kinds=ARRAYS),
    _hands_on("spread of a dict", "{...$a}", kinds=DICTS),
    _hands_on("the result of a function", "same($a)"),
    _hands_on("a pipe", "$a |> same"),
    _hands_on("push", "push([0], $a)", part="[1]"),
    _hands_on("push to it", "pop(push($a, 0))[0]", kinds=ARRAYS),
    _hands_on("append", "append([0], $a)", part="[1]"),
    _hands_on("concat", "concat([0], [$a])", part="[1]"),
    _hands_on("concat with nothing", "concat($a, [])", kinds=ARRAYS),
    _hands_on("concat behind nothing", "concat([], $a)", kinds=ARRAYS),
    _hands_on("slice", "slice([0, $a], 1, 2)", part="[0]"),
    _hands_on("slice of everything", "slice($a, 0, len($a))", kinds=ARRAYS),
    _hands_on("reverse", "reverse([0, $a])", part="[0]"),
    _hands_on("reverse twice", "reverse(reverse($a))", kinds=ARRAYS),
    _hands_on("insert", "insert([0], 0, $a)", part="[0]"),
    _hands_on("remove_at", "remove_at([0, $a], 1)", part="[1]"),
    _hands_on("remove_at of another", "remove_at([0, $a], 0)[0]", part="[0]"),
    _hands_on("remove", "remove([0, $a], 0)", part="[0]"),
    _hands_on("pop", "pop([0, $a])", part="[1]"),
    _hands_on("array", "array($a)", part="[0]"),
    _hands_on("take", "take([$a, 1], 1)", part="[0]"),
    _hands_on("take of everything", "take($a, 100)", kinds=ARRAYS),
    _hands_on("skip", "skip([1, $a], 1)", part="[0]"),
    _hands_on("skip of nothing", "skip($a, 0)", kinds=ARRAYS),
    _hands_on("flatten", "flatten([[$a]])", part="[0]"),
    _hands_on("flatten of one", "flatten([$a])", kinds=_FLAT_ARRAYS),
    _hands_on("chunk", "chunk([$a, 1], 1)", part="[0][0]"),
    _hands_on("windows", "windows([1, $a], 2)", part="[0][1]"),
    _hands_on("unique", "unique([$a, $a])", part="[0]"),
    _hands_on("zip", "zip([$a], [$a])", part="[0][1]"),
    _hands_on("enumerate", "enumerate([$a])", part="[0][1]"),
    _hands_on("map", "map([$a], same)", part="[0]"),
    _hands_on("map of everything", "map($a, same)", kinds=ARRAYS),
    _hands_on("filter", "filter([$a], func(x) { return true })", part="[0]"),
    _hands_on("filter of everything", "filter($a, func(x) { return true })", kinds=ARRAYS),
    _hands_on("reduce", "reduce([$a], 0, func(acc, x) { return x })"),
    _hands_on("reduce's start", "reduce([1], $a, func(acc, x) { return acc })"),
    _hands_on("reduce of nothing", "reduce([], $a, func(acc, x) { return acc })"),
    _hands_on("find", "find([$a], func(x) { return true })"),
    _hands_on("collect of an array", "collect($a)", kinds=ARRAYS),
    _hands_on("get", 'get({"x": $a}, "x")'),
    _hands_on("get with a default", 'get({}, "x", $a)'),
    _hands_on("get_default", 'get_default({}, "x", $a)'),
    _hands_on("merge", '{"y": $a} |> merge({"x": 0})', part=".y"),
    _hands_on("merge with nothing", "merge($a, {})", kinds=DICTS),
    _hands_on("merge into nothing", "merge({}, $a)", kinds=DICTS),
    _hands_on("update", 'update({"x": 0}, {"x": $a})', part=".x"),
    _hands_on("update with nothing", "update($a, {})", kinds=DICTS),
    _hands_on("delete", 'delete({"x": $a, "y": 0}, "y")', part=".x"),
    _hands_on("delete of what is not there", 'delete($a, "nothing")', kinds=DICTS),
    _hands_on("values", 'values({"x": $a})', part="[0]"),
    _hands_on("items", 'items({"x": $a})', part="[0][1]"),
    _callback("map", "map($a, func(x) BODY)", "x"),
    _callback("filter", "filter($a, func(x) BODY)", "true"),
    _callback("reduce", "reduce($a, [], func(acc, x) BODY)", "push(acc, x)"),
    _callback("a lazy map", "$a.map(func(x) BODY).collect()", "x"),
    _callback("a lazy filter", "$a.filter(func(x) BODY).collect()", "true"),
    _callback("parallel_map", "await parallel_map($a, func(x) BODY)", "x"),
    _hands_on("a set", "set_to_array(Set([0, $a]))", part="[1]"),
    _hands_on("set_add", "set_to_array(set_add(Set([]), $a))", part="[0]"),
    _hands_on("set_remove", "set_to_array(set_remove(Set([0, $a]), 0))", part="[0]"),
    _hands_on("set_union", "set_to_array(set_union(Set([0]), Set([$a])))", part="[1]"),
    _hands_on("set_intersect", "set_to_array(set_intersect(Set([$a]), Set([$a])))", part="[0]"),
    _hands_on("set_difference", "set_to_array(set_difference(Set([0, $a]), Set([0])))", part="[0]"),
    _hands_on("a queue", "queue_to_array(Queue([$a]))", part="[0]"),
    _hands_on("a queue of everything", "queue_to_array(Queue($a))", kinds=ARRAYS),
    _hands_on("queue_enqueue", "queue_peek(queue_enqueue(Queue(), $a))"),
    _hands_on("queue_dequeue", "queue_dequeue(Queue([$a]))", part="[1]"),
    _hands_on("a stack", "stack_to_array(Stack([$a]))", part="[0]"),
    _hands_on("a stack of everything", "stack_to_array(Stack($a))", kinds=ARRAYS),
    _hands_on("stack_push", "stack_peek(stack_push(Stack(), $a))"),
    _hands_on("stack_pop", "stack_pop(Stack([$a]))", part="[1]"),
)

HOLDINGS: tuple[Holding, ...] = (
    *_SHORT,
    *_longer_holdings(),
    *(Holding(name, code) for name, code in suspended_holdings()),
)
