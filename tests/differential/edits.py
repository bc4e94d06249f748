"""Random programs as somebody edits them: versions that run one after the other, with one cache of machine code.

What an edit leaves alone keeps its code, so edits are made that change what such code relies on without touching it:
the functions it calls, the structs it knows, the globals it reads, and the order of all these.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from tests.differential.generator import program
from tests.differential.mutation import changed_line, variation

_MOST_EDITS = 5
_DECLARATION = re.compile(r"(?:async )?(?:func|struct)\b\*?")
_FUNCTION = re.compile(r"((?:async )?func\*? )(\w+)\((.*?)\)")
_STRUCT = re.compile(r"(struct \w+ \{ ?)(\w+(?:, ?\w+)+)(.*)")
_BUILTINS = ("len", "push", "pop", "queue_peek", "to_string", "range")

Block = list[str]
"""The lines of a declaration of the top level, or a line of something else there."""

Edit = Callable[[list[Block], random.Random], None]


def versions(seed: int) -> tuple[str, ...]:
    """The versions of the program with that number, in the order in which they run; some need not be well-formed.

    Odd numbers give variations of conformance programs, which are short.
    """
    chance = random.Random(seed)
    text = variation(seed) if seed % 2 else program(seed)
    found = [text]
    for _ in range(chance.randint(2, _MOST_EDITS)):
        if len(found) > 1 and chance.random() < 0.15:
            found.append(found[-2])
            continue
        blocks = _blocks(found[-1])
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            chance.choice(_EDITS)(blocks, chance)
        found.append("\n".join(line for block in blocks for line in block) + "\n")
    return tuple(found)


def _blocks(text: str) -> list[Block]:
    blocks: list[Block] = []
    is_open = False
    for line in text.splitlines():
        if is_open:
            blocks[-1].append(line)
            is_open = line != "}"
        else:
            blocks.append([line])
            is_open = bool(_DECLARATION.match(line)) and line.count("{") > line.count("}")
    return blocks


def _some(blocks: list[Block], chance: random.Random, pattern: re.Pattern[str]) -> list[int]:
    """The places of the declarations that begin like that, in a random order."""
    places = [place for place, block in enumerate(blocks) if pattern.match(block[0])]
    return chance.sample(places, len(places))


def _add_function(blocks: list[Block], chance: random.Random) -> None:
    name = f"added_{chance.randrange(1000)}"
    blocks.insert(chance.choice((0, 0, len(blocks) // 2)), [f"func {name}(x) {{ return [x, {chance.randrange(9)}] }}"])


def _add_struct(blocks: list[Block], chance: random.Random) -> None:
    name = f"Added{chance.randrange(1000)}"
    blocks.insert(0, [f"struct {name} {{ left, right }}", f"{name.lower()} := {name} {{ left: 1, right: 2 }}"])


def _shadow_builtin(blocks: list[Block], chance: random.Random) -> None:
    blocks.insert(0, [f"func {chance.choice(_BUILTINS)}(x) {{ return {chance.choice(('x', '2', '[x]'))} }}"])


def _swap_places(blocks: list[Block], chance: random.Random) -> None:
    places = _some(blocks, chance, _DECLARATION)
    if len(places) > 1:
        first, second = places[:2]
        blocks[first], blocks[second] = blocks[second], blocks[first]


def _swap_names(blocks: list[Block], chance: random.Random) -> None:
    """Two functions that take as many arguments get each other's bodies."""
    places = _some(blocks, chance, _FUNCTION)
    for first in places:
        for second in places:
            one, other = _FUNCTION.match(blocks[first][0]), _FUNCTION.match(blocks[second][0])
            if one and other and first < second and one[3].count(",") == other[3].count(","):
                blocks[first][0] = one[1] + other[2] + blocks[first][0][one.end(2) :]
                blocks[second][0] = other[1] + one[2] + blocks[second][0][other.end(2) :]
                return


def _change_header(blocks: list[Block], chance: random.Random) -> None:
    """A function takes one more argument, gives a generator, or is no longer what its name means for ever."""
    for place in _some(blocks, chance, _FUNCTION)[:1]:
        found = _FUNCTION.match(blocks[place][0])
        assert found is not None
        kind, name, parameters, rest = found[1], found[2], found[3], blocks[place][0][found.end() :]
        way = chance.randrange(3)
        if way == 0:
            parameters = f"{parameters}, more" if parameters else "more"
        elif way == 1:
            kind = "func* " if kind == "func " else "func "
        else:
            blocks.insert(place + 1, [f"mut {name} := {name}_"])
            name = f"{name}_"
        blocks[place][0] = f"{kind}{name}({parameters}){rest}"


def _change_fields(blocks: list[Block], chance: random.Random) -> None:
    """The fields of a struct change their order, or one is added in front."""
    for place in _some(blocks, chance, _STRUCT)[:1]:
        found = _STRUCT.match(blocks[place][0])
        assert found is not None
        names = re.split(", ?", found[2])
        fields = chance.sample(names, len(names)) if chance.random() < 0.7 else ["spare", *names]
        blocks[place][0] = found[1] + ", ".join(fields) + found[3]


def _change_line(blocks: list[Block], chance: random.Random) -> None:
    block = chance.choice(blocks)
    place = chance.randrange(len(block))
    block[place] = changed_line(block[place], [line for other in blocks for line in other], chance)


def _drop_line(blocks: list[Block], chance: random.Random) -> None:
    block = chance.choice(blocks)
    del block[chance.randrange(len(block))]
    blocks[:] = [block for block in blocks if block]


_EDITS: tuple[Edit, ...] = (
    _add_function, _add_struct, _shadow_builtin, _swap_places, _swap_names, _change_header, _change_fields,
    _change_line, _change_line, _change_line, _drop_line,
)  # fmt: skip
