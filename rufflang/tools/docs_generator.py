"""Writes the library's reference page from the registry of builtins and the prelude.

    python -m rufflang.tools.docs_generator [FOLDER]

writes `library.md` into FOLDER (default: `docs`).  What the page says stands next to the
code: docstrings of the builtins, comments in the prelude.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rufflang.interpreter.native_tables import METHODS
from rufflang.run_options import CAPABILITY_FLAGS
from rufflang.runtime.builtins.registry import Entry, all_builtins
from rufflang.stdlib.builtin_table import CONSTANTS
from rufflang.stdlib.prelude import PRELUDE_METHODS, PRELUDE_NAMES
from rufflang.stdlib.prelude_text import prelude_text

PAGE = "library.md"
PRELUDE_AREA = "prelude"

CHAPTERS: dict[str, tuple[str, ...]] = {
    "Input, output and the process": ("output",),
    "Types and conversion": ("conversion",),
    "Collections of several kinds": ("general",),
    "Arrays": ("arrays", "arrays_combining", PRELUDE_AREA),
    "Dicts": ("dicts",),
    "Sets": ("sets",),
    "Queues and stacks": ("queues",),
    "Strings": ("text", "text_format", "text_lists", "text_naming"),
    "Numbers": ("numbers_math",),
    "Errors and assertions": ("assertions",),
    "Time": ("clock",),
    "Shared between threads": ("shared",),
}
"""Chapters with the areas in them, in order; an area not listed gets a chapter of its own at the end."""

INTRODUCTION = """\
# Library

Every built-in function and constant. This page is generated from the source; to change it, change the
documentation beside the function and run `python -m rufflang.tools.docs_generator`.

In signatures, `x?` may be left out, `x = v` too and is then `v`, and `...xs` stands for any number of
arguments. Functions that "change" an array or dict return the changed one: `xs := push(xs, 1)`. A failing
function raises an error that `try` can catch. Names of built-in functions are ordinary names; a program may
use them for something else.
"""

_KINDS_OF_METHODS = ("strings", "arrays", "dicts")
_PRELUDE_FUNCTION = re.compile(r"((?:# .*\n)+)(?:export )?func (\w+)")


@dataclass(frozen=True, slots=True)
class Description:
    """One function as the page shows it."""

    name: str
    area: str
    signature: str
    text: str
    aliases: tuple[str, ...] = ()
    capability: str | None = None


def library_page() -> str:
    """The text of the page."""
    described = [*map(_native, all_builtins()), *_prelude()]
    lines = [INTRODUCTION]
    for title, areas in _chapters({item.area for item in described}).items():
        lines.append(f"## {title}\n")
        members = [item for area in areas for item in described if item.area == area]
        for item in sorted(members, key=lambda item: item.name):
            lines.extend(_section(item))
    lines.append("## Constants\n")
    lines.extend(f"- `{name}`: {value!r}" for name, value in CONSTANTS.items())
    return "\n".join(lines) + "\n"


def _chapters(areas: set[str]) -> dict[str, tuple[str, ...]]:
    listed = {area for chapter in CHAPTERS.values() for area in chapter}
    others = {area.replace("_", " ").capitalize(): (area,) for area in sorted(areas - listed)}
    return CHAPTERS | others


def _native(entry: Entry) -> Description:
    signature, _, text = entry.doc.partition("\n")
    return Description(entry.name, entry.area, signature, text.strip(), entry.aliases, entry.capability)


def _prelude() -> Iterator[Description]:
    """The functions written in Ruff; raises ValueError for one without a comment."""
    comments = {name: comment for comment, name in _PRELUDE_FUNCTION.findall(prelude_text())}
    for name in PRELUDE_NAMES:
        if name not in comments:
            raise ValueError(f"{name} has no comment in the prelude")
        signature, _, text = re.sub(r"^# ", "", comments[name], flags=re.MULTILINE).partition("\n")
        yield Description(name, PRELUDE_AREA, signature, text.strip())


def _section(item: Description) -> Iterator[str]:
    yield f"### `{item.signature}`\n"
    yield f"{item.text}\n"
    notes = []
    if item.aliases:
        notes.append("Also called " + ", ".join(f"`{alias}`" for alias in item.aliases) + ".")
    if kinds := _method_of(item.name):
        notes.append(f"Also a method of {' and '.join(kinds)}.")
    if item.capability is not None:
        flag = next(flag for flag, names in CAPABILITY_FLAGS.items() if names == (item.capability,))
        notes.append(f"Needs the capability `{item.capability}` (`{flag}`).")
    if notes:
        yield " ".join(notes) + "\n"


def _method_of(name: str) -> list[str]:
    """The kinds of values of which a function is also a method."""
    return [
        kind
        for table, kind in enumerate(_KINDS_OF_METHODS)
        if name in METHODS[table].split() or (table, name) in PRELUDE_METHODS
    ]


def main() -> None:
    """Write the page into the folder that the command line names."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("docs")
    (folder / PAGE).write_text(library_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
