"""Holdings in the middle of an expression.

An operand has been read from a variable or a place; before the expression is finished, that place is
written: by a function that the expression calls, by another task while it waits, or by whoever
takes the items of a generator while it is suspended.  What was read must not change.
"""

from __future__ import annotations

from collections.abc import Iterator

FORMS = (
    ("an array literal", "[READ, STOP]", "[0]"),
    ("an array literal of one kind", "[READ, [STOP]]", "[0]"),
    ("a dict literal", '{"x": READ, "y": STOP}', '["x"]'),
    ("a struct literal", "Pair { x: READ, y: STOP }", ".x"),
    ("a spread", "[...[READ], STOP]", "[0]"),
    ("a dict spread", '{...{"x": READ}, "y": STOP}', ".x"),
    ("an argument", "pair(READ, STOP)", "[0]"),
    ("an argument of a builtin", "array(READ, STOP)", "[0]"),
    ("an argument of push", "push([READ], STOP)", "[0]"),
    ("a pipe", "READ |> pair(STOP)", "[0]"),
    ("a receiver", "Pair { x: READ }.beside(STOP)", "[0]"),
    ("an operator", "Pair { x: READ } + STOP", "[0]"),
    ("an index", "[READ, 0][STOP]", ""),
    ("a payload", "payload(Shape::Two(READ, STOP))", ""),
    ("a lookup", 'get({"x0": READ}, "x" + to_string(STOP))', ""),
    ("a comparison", "choose(READ == other(VALUE, STOP), VALUE, 0)", ""),
    ("an interpolation", 'choose("${READ} ${STOP}" == "${VALUE} 0", VALUE, 0)', ""),
    ("a nested operand", '[[{"x": READ}, STOP], STOP2]', '[0][0]["x"]'),
)
"""Name, the expression with READ and STOP in it (STOP gives 0), and where in its value READ's is."""

PLACES = (("a variable", "VALUE", ""), ("an element", "[VALUE, 0]", "[0]"), ("a field", "Pair { x: VALUE }", ".x"))


def suspended_holdings() -> Iterator[tuple[str, str]]:
    """Name and code of each holding (see `holdings`)."""
    for form, expression, within in FORMS:
        for place, container, step in PLACES:
            start = f"$a := {container}"
            end = f"<second $b{within}>\n?first $a{step}\n?second $b{within}"
            for how, code in _interruptions(expression.replace("READ", f"$a{step}"), f"$a{step}"):
                yield f"{place} in {form}, {how}", f"{start}\n{code}\n{end}"


def _interruptions(expression: str, place: str) -> Iterator[tuple[str, str]]:
    write = f"<first {place}>"
    called = expression.replace("STOP2", "0").replace("STOP", "$w()")
    yield "while a function writes", f"func $w() {{\n{write}\nreturn 0\n}}\n$b := {called}"
    awaited = expression.replace("STOP2", "0").replace("STOP", "await $w()")
    yield "while a task writes", f"async func $w() {{\nawait async_sleep(0)\n{write}\nreturn 0\n}}\n$b := {awaited}"
    resumed = expression.replace("STOP2", "0").replace("STOP", "((yield 1) ?? 0)")
    yield (
        "while a generator is suspended",
        f"func* $g() {{ yield {resumed} }}\n$i := $g()\n$i.next()\n{write}\n$b := item($i.next())",
    )
