"""The page about the library says what the source says."""

from __future__ import annotations

from rufflang.runtime.builtins.registry import all_builtins
from rufflang.stdlib.prelude import PRELUDE_NAMES
from rufflang.tools.docs_generator import PAGE, library_page
from tests.cli.command import PROJECT

COMMITTED = (PROJECT / "docs" / PAGE).read_text(encoding="utf-8")


def test_the_page_is_up_to_date() -> None:
    assert library_page() == COMMITTED, "run: python -m rufflang.tools.docs_generator"


def test_every_function_has_a_section_with_its_signature_and_a_text() -> None:
    for name in [*(entry.name for entry in all_builtins()), *PRELUDE_NAMES]:
        assert COMMITTED.count(f"### `{name}(") == 1, name
    sections = COMMITTED.split("### `")[1:]
    assert all(len(section.splitlines()[2]) > 5 for section in sections)


def test_aliases_methods_and_capabilities_are_mentioned() -> None:
    section = next(part for part in COMMITTED.split("### `") if part.startswith("print("))
    assert "Also called `println`." in section
    section = next(part for part in COMMITTED.split("### `") if part.startswith("len("))
    assert "Also a method of strings and arrays and dicts." in section
    section = next(part for part in COMMITTED.split("### `") if part.startswith("now("))
    assert "Needs the capability `clock` (`--allow-clock`)." in section
