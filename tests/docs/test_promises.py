"""Lists in the documentation are complete, and are shortened when something gets built."""

from __future__ import annotations

import re

import pytest

from rufflang.cli import COMMAND_MODULES
from rufflang.cli.failures import ExitCode
from rufflang.run_options import DEFAULT_JIT_THRESHOLD, DEFAULT_LOOP_THRESHOLD, DEFAULT_MAX_CALL_DEPTH
from tests.cli.command import PROJECT
from tests.conformance.programs import NOT_YET_IMPLEMENTED
from tests.docs.pages import read_page

LIMITS = read_page("docs/limits.md")
MISSING = read_page("docs/language.md").partition("\n## What is not implemented yet\n")[2]
README_MISSING = read_page("README.md").partition("\nNot there yet:")[2].partition("\n\n")[0]

WORDS = {
    "async": "async",
    "bytes": "bytes",
    "channels": "channels",
    "generators": "generators",
    "iterators": "lazy iterators",
    "modules": "modules",
    "sets": "sets",
    "spawn": "spawn",
    "test-blocks": "test blocks",
}


def section(title: str) -> str:
    return LIMITS.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("feature", WORDS)
def test_exactly_what_is_missing_is_called_missing(feature: str) -> None:
    is_missing = feature in NOT_YET_IMPLEMENTED["vm"]
    assert (WORDS[feature] in MISSING) == is_missing
    assert (WORDS[feature] in README_MISSING) == is_missing


def test_every_missing_feature_has_a_word() -> None:
    assert set(WORDS) >= NOT_YET_IMPLEMENTED["vm"]


def test_exactly_the_environment_variables_that_are_read_are_described() -> None:
    read = set()
    for module in (PROJECT / "rufflang").rglob("*.py"):
        text = module.read_text(encoding="utf-8")
        read |= set(re.findall(r'environ(?:\.get\(|\[)"(\w+)"', text))
        read |= set(re.findall(r'"(\w+)" in os\.environ(?!\.)', text))
    described = set(re.findall(r"^\| `(\w+)` \|", section("Environment variables"), re.MULTILINE))
    assert described == read - {"PATH", "XDG_CACHE_HOME"}


def test_every_exit_code_is_described() -> None:
    described = set(re.findall(r"^\| (\d+) \|", section("Exit codes"), re.MULTILINE))
    codes = {value for name, value in vars(ExitCode).items() if name.isupper()}
    assert {int(code) for code in described} == codes - {ExitCode.NEGATIVE_ANSWER}


def test_the_defaults_are_the_real_ones() -> None:
    assert f"| active calls | {DEFAULT_MAX_CALL_DEPTH:,} | `--max-depth N` |" in LIMITS
    debugging = " ".join(read_page("docs/debugging.md").split())
    assert f"called {DEFAULT_JIT_THRESHOLD} times" in debugging
    assert f"gone round {DEFAULT_LOOP_THRESHOLD} times" in debugging


def test_every_command_is_in_the_readme() -> None:
    listed = re.findall(r"^\| `rufflang ([\w-]+) ", read_page("README.md"), re.MULTILINE)
    assert listed == list(COMMAND_MODULES)
