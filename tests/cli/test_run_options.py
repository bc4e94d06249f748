"""The options of a run: permissions, limits, and what the environment adds."""

from __future__ import annotations

from pathlib import Path

import pytest

from rufflang.cli.arguments import parse_arguments
from rufflang.cli.run_command import COMMAND
from rufflang.cli.run_settings import run_options
from rufflang.run_options import RunOptions
from tests.cli.command import rufflang, write_program


def options(*words: str) -> RunOptions:
    return run_options(parse_arguments(COMMAND, ["program.ruff", *words]))


def test_a_program_is_trusted_unless_a_permission_option_is_given() -> None:
    assert options().capabilities.trusted
    assert options().capabilities.allows("filesystem-delete")


def test_untrusted_denies_everything_that_is_not_listed() -> None:
    capabilities = options("--untrusted", "--allow-clock").capabilities
    assert capabilities.allows("clock")
    assert not capabilities.allows("env-read")


def test_one_permission_alone_denies_the_others() -> None:
    capabilities = options("--allow-fs-read").capabilities
    assert capabilities.allows("filesystem-read")
    assert not capabilities.allows("filesystem-write")


def test_allow_all_trusts_whatever_else_is_given() -> None:
    assert options("--untrusted", "--allow-all", "--allow-clock").capabilities.trusted


def test_allow_net_grants_both_directions() -> None:
    capabilities = options("--allow-net").capabilities
    assert capabilities.allows("network-client") and capabilities.allows("network-server")


def test_a_denial_names_the_flag_that_would_permit_it() -> None:
    assert options("--untrusted").capabilities.denial("network-client", "http_get") == (
        "Capability denied: network-client required for http_get; rerun with --allow-net-client"
    )


@pytest.mark.parametrize(
    ("text", "size"),
    [("64MB", 64 << 20), ("64mb", 64 << 20), ("1K", 1024), ("2GB", 2 << 30), ("100", 100), ("7B", 7)],
)
def test_sizes_are_read_with_their_unit(text: str, size: int) -> None:
    assert options("--max-memory", text).max_memory_bytes == size


def test_limits_have_their_documented_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RUFF_SCHEDULER_TIMEOUT_MS", raising=False)
    monkeypatch.delenv("DISABLE_JIT", raising=False)
    defaults = options()
    assert (defaults.max_call_depth, defaults.max_memory_bytes) == (10_000, None)
    assert (defaults.scheduler_timeout_ms, defaults.jit) == (120_000, "on")
    assert (defaults.jit_threshold, defaults.loop_threshold) == (100, 1000)


def test_calls_and_iterations_have_thresholds_of_their_own() -> None:
    chosen = options("--jit-threshold", "7", "--loop-threshold", "30")
    assert (chosen.jit_threshold, chosen.loop_threshold) == (7, 30)


@pytest.mark.parametrize(
    ("value", "timeout"), [("250", 250), ("", 120_000), ("0", 120_000), ("soon", 120_000), ("-5", 120_000)]
)
def test_the_environment_gives_the_scheduler_timeout_unless_it_is_nonsense(
    monkeypatch: pytest.MonkeyPatch, value: str, timeout: int
) -> None:
    monkeypatch.setenv("RUFF_SCHEDULER_TIMEOUT_MS", value)
    assert options().scheduler_timeout_ms == timeout
    assert options("--scheduler-timeout-ms", "9").scheduler_timeout_ms == 9


def test_the_environment_can_turn_compilation_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISABLE_JIT", "1")
    assert options("--jit").jit == "off"


def test_arguments_that_are_not_utf8_are_made_readable() -> None:
    assert options("--", "a\udcff").arguments == ("a�",)


def test_a_loop_is_compiled_after_as_many_iterations_as_the_option_says(tmp_path: Path) -> None:
    name = write_program(tmp_path, "sum := 0\nfor i in 9 { sum += i }\nprint(sum)")
    words = ("run", name, "--jit", "sync", "--loop-threshold")
    few = rufflang(*words, "5", folder=tmp_path, variables={"DEBUG_JIT": "1"})
    many = rufflang(*words, "50", folder=tmp_path, variables={"DEBUG_JIT": "1"})
    assert (few.stdout, many.stdout) == ("36\n", "36\n")
    assert "compiled hot loop" in few.stderr and "compiled hot loop" not in many.stderr
