"""The page of rules names programs and tests that exist, leaves none out, and lists every message."""

from __future__ import annotations

import re

import pytest

from tests.cli.command import PROJECT
from tests.conformance.programs import CORPUS, Program, corpus
from tests.docs.messages import MESSAGES, pattern_of
from tests.docs.pages import read_page

PAGE = read_page("docs/rules.md")
RULES, _, LISTS = PAGE.partition("\n## Messages\n")
PROGRAMS = {program.name.removesuffix(".ruff").removesuffix("/main"): program for program in corpus()}

ONLY_IN_PYTHON = {
    "Source size <n> bytes exceeds maximum allowed 1048576 bytes",
    "Unsafe module import '<m>': resolved path '<p>' escapes module search root '<root>'",
}
"""Messages that take a file of a megabyte or a link, which no program of the corpus has."""


def rows(text: str) -> list[tuple[str, list[str]]]:
    """The rows of the tables in a text: what stands left, and the names that stand right."""
    found = re.findall(r"^\| (.+) \| (`.+`) \|$", text, re.MULTILINE)
    return [(left, re.findall(r"`([^`]+)`", right)) for left, right in found]


def expected_texts(program: Program) -> list[str]:
    error = [] if program.error is None else [program.error]
    return [*program.stdout, *program.stderr, *error]


def listed_messages(title: str) -> dict[str, list[str]]:
    section = LISTS.partition(f"\n### {title}\n")[2].partition("\n### ")[0]
    return {left[1:-1]: names for left, names in rows(section)}


def test_everything_named_exists() -> None:
    names = {name for _, right in rows(PAGE) for name in right}
    assert len(names) > 200
    missing = [
        name for name in names
        if not ((PROJECT / "tests" / name).is_file() if name.endswith(".py") else name in PROGRAMS)
    ]  # fmt: skip
    assert missing == []


def test_every_rule_stands_under_its_number() -> None:
    number = ""
    for line in RULES.splitlines():
        if heading := re.match(r"## (\d+) ", line):
            number = heading[1]
        elif number and line.startswith("| ") and not line.startswith(("| Rule", "| ---")):
            assert re.match(rf"\| {number}(\.\d+)? .+ \| `.+` \|$", line), line
    assert number == "14"


def test_no_example_is_left_out() -> None:
    named = {name for _, right in rows(RULES) for name in right}
    examples = {name for name in PROGRAMS if name.startswith("spec/")}
    assert examples <= named
    assert {int(name[6:8]) for name in examples} == set(range(1, 64))


def test_no_folder_of_programs_is_left_out() -> None:
    named = {name.partition("/")[0] for name in re.findall(r"`([\w/]+)`", RULES)}
    assert {path.name for path in CORPUS.iterdir() if path.is_dir() and path.name != "__pycache__"} <= named


@pytest.mark.parametrize("title", MESSAGES)
def test_exactly_the_messages_of_the_language_are_listed(title: str) -> None:
    assert list(listed_messages(title)) == list(MESSAGES[title])


@pytest.mark.parametrize("title", MESSAGES)
def test_each_message_is_expected_by_what_stands_beside_it(title: str) -> None:
    for message, names in listed_messages(title).items():
        pattern = pattern_of(message)
        for name in names:
            if name in PROGRAMS:
                texts = expected_texts(PROGRAMS[name])
            else:
                texts = (PROJECT / "tests" / name).read_text(encoding="utf-8").splitlines()
            assert any(pattern.search(text) for text in texts), f"{name} does not expect: {message}"
        has_program = any(name in PROGRAMS for name in names)
        assert has_program == (message not in ONLY_IN_PYTHON), message
