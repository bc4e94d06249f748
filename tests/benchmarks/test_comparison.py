"""What the comparison makes of its measurements."""

from __future__ import annotations

import pytest

from benchmarks.comparison import Clock, Result
from benchmarks.processes import Measurement
from benchmarks.tables import ratios, start_up


def _runs(seconds: list[float], processor_share: float = 1.0) -> list[Measurement]:
    return [Measurement(figure, figure * processor_share, 1 << 20, "done", None) for figure in seconds]


def _result(runs: list[float], starts: list[float], clock: Clock = Clock.WALL) -> Result:
    return Result(clock, _runs(runs, 0.5), _runs(starts, 0.5))


def test_each_run_is_compared_with_the_start_right_before_it() -> None:
    assert _result([1.1, 1.5, 2.1], [0.1, 0.5, 1.1]).seconds == pytest.approx(1.0)


def test_of_the_processors_time_the_least_counts_where_its_clock_is_asked_for() -> None:
    result = _result([1.4, 1.1, 1.9], [0.2, 0.3, 0.1], Clock.PROCESSOR)
    assert result.seconds == pytest.approx(0.5)
    assert result.start_up_seconds == pytest.approx(0.05)


def test_what_cannot_be_told_from_start_up_counts_as_a_share_of_it() -> None:
    assert _result([0.1, 0.1, 0.1], [0.1, 0.1, 0.1]).seconds == pytest.approx(0.005)


def test_failed_programs_have_neither_a_ratio_nor_a_start_up() -> None:
    failed = Result(failure="stopped")
    results = {
        "one": {"ruff": _result([0.6], [0.1]), "python": _result([5.1], [0.1])},
        "other": {"ruff": failed, "python": _result([5.1], [0.1])},
    }
    assert ratios(results, "ruff") == pytest.approx({"one": 10.0})
    assert start_up(results, "ruff") == pytest.approx(0.1)
    assert start_up({"other": results["other"]}, "ruff") is None
