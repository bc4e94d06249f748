"""No write through one holder of a value is ever seen through another.

The tests run a choice from the tables of holdings and writings, in which each holding and each
writing occurs; `python -m tests.value_semantics` runs all combinations.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance.ways_of_running import ENGINES, Engine
from tests.value_semantics.holdings import HOLDINGS, Holding
from tests.value_semantics.kinds import KINDS
from tests.value_semantics.programs import SETTINGS, Case, Setting, chosen_cases
from tests.value_semantics.running import failures
from tests.value_semantics.writings import WRITINGS

CASES = chosen_cases(1)
SHARES = {"jit-at-once": 4}
"""Where running is slow, only one of so many cases is run."""


def cases_in(setting: Setting, engine: Engine) -> list[Case]:
    """The cases that are run in that setting: each is run in one."""
    return CASES[SETTINGS.index(setting) :: len(SETTINGS) * SHARES.get(engine.name, 1)]


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)
@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.__name__)
def test_each_holder_has_its_own_value(setting: Setting, engine: Engine, tmp_path: Path) -> None:
    found = list(failures(cases_in(setting, engine), setting, engine, tmp_path))
    assert not found, "\n\n".join(found)


def test_the_cases_that_are_run_use_all_of_the_tables() -> None:
    assert {case.holding for case in CASES} == set(HOLDINGS)
    assert {case.writing for case in CASES} == set(WRITINGS)
    assert {case.kind for case in CASES} == set(KINDS)


def test_a_holder_that_sees_the_other_one_change_is_caught(tmp_path: Path) -> None:
    aliased = Holding("an alias", "$a := VALUE\n$f := func() { return $a }\n<first $a>\n?first $a\n?second $f()")
    case = Case(0, aliased, WRITINGS[0], KINDS[0], "first")
    found = list(failures([case], SETTINGS[1], ENGINES[1], tmp_path))
    assert len(found) == 1 and "printed  ['0 first [99, 2, 3]', '0 second [99, 2, 3]']" in found[0]
