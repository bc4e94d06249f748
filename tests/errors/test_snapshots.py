"""Every diagnostic and runtime error is shown as its snapshot says, on each engine that can."""

from __future__ import annotations

import pytest

from tests.conformance.fork_server import ForkServer
from tests.errors.snapshots_file import ENGINES, Case, actual, cases


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.file}: {case.title}")
def test_an_error_is_reported_as_its_snapshot_says(case: Case, engine: str, fork_server: ForkServer) -> None:
    if engine in case.engines:
        exit_code, report = actual(case, engine, fork_server.run)
        assert report == case.report
        assert exit_code == case.exit_code


def test_titles_are_not_used_twice() -> None:
    titles = [(case.file, case.title) for case in cases()]
    assert len(titles) == len(set(titles))
