"""`rufflang test-run`: what it accepts, what it reports, and how it ends.

What happens inside the tests is in the conformance corpus.
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rufflang.cli import test_report
from rufflang.cli.test_report import report
from tests.cli.command import Result, environment, rufflang, write_program

ENGINES = pytest.mark.parametrize("engine", ["vm", "reference"])


def run_tests(folder: Path, text: str, *options: str) -> Result:
    write_program(folder, text, "suite.ruff")
    return rufflang("test-run", "suite.ruff", *options, folder=folder)


@ENGINES
def test_passed_tests_give_exit_code_0_and_a_failed_one_1(tmp_path: Path, engine: str) -> None:
    passing = run_tests(tmp_path, 'test "a" { }', "--engine", engine)
    assert passing.stdout.endswith("\n\nAll tests passed! ✨\n")
    assert (passing.stderr, passing.exit_code) == ("", 0)
    failing = run_tests(tmp_path, 'test "a" { } test "b" { 1 / 0 }', "--engine", engine)
    assert failing.stdout.endswith("\n\n1 test(s) failed\n")
    assert (failing.stderr, failing.exit_code) == ("", 1)


def test_the_summary_counts_and_measures(tmp_path: Path) -> None:
    result = run_tests(tmp_path, 'test "a" { sleep(30) } test "b" { 1 / 0 }', "-v")
    assert "\nTests: 2 total, 1 passed, 1 failed\n" in result.stdout
    slow = re.search(r"^  ✓ a \((\d+)ms\)$", result.stdout, re.MULTILINE)
    total = re.search(r"^Time:  (\d+)ms$", result.stdout, re.MULTILINE)
    assert slow is not None and total is not None and 30 <= int(slow[1]) <= int(total[1])


def test_words_after_the_file_are_the_arguments_of_the_tests(tmp_path: Path) -> None:
    result = run_tests(tmp_path, 'test "a" { print(args()) }', "one", "--", "--two")
    assert result.stdout.startswith("[one, --two]\n")


def test_capabilities_bind_inside_tests(tmp_path: Path) -> None:
    suite = 'test "a" { now() }'
    denied = run_tests(tmp_path, suite, "-v", "--untrusted")
    assert "Error: Capability denied: clock required for now; rerun with --allow-clock\n" in denied.stdout
    assert run_tests(tmp_path, suite, "--untrusted", "--allow-clock").exit_code == 0


def test_a_test_that_needs_too_much_memory_fails_alone(tmp_path: Path) -> None:
    suite = 'test "a" { text := "x"; loop { text += text } } test "b" { }'
    result = run_tests(tmp_path, suite, "-v", "--max-memory", "64MB")
    assert "    Error: Memory limit of 64MB exceeded\n  ✓ b " in result.stdout
    assert result.exit_code == 1


def test_every_test_sees_machine_code_of_its_own(tmp_path: Path) -> None:
    suite = (
        "calls := 0\nfunc double(x) { calls += 1; return x + x }\n"
        'test "ints" { for i in 500 { double(i) }; assert_equal([double(4), calls], [8, 501]) }\n'
        'test "strings" { for i in 500 { double("ab") }; assert_equal([double("x"), calls], ["xx", 501]) }\n'
    )
    for mode in ("on", "off", "sync"):
        result = run_tests(tmp_path, suite, "-v", "--jit", mode)
        assert result.exit_code == 0, result.stdout


@pytest.mark.parametrize(
    ("text", "options", "exit_code", "message"),
    [
        ('test "a" {', (), 3, "[RUFPARSE001] [parser] error: Expected '}' to close test body but found Eof"),
        ("test 5 { }", (), 3, "[RUFPARSE001] [parser] error: Expected test name string after 'test'"),
        ('test "a" { break }', (), 4, "[RUFVM001] [vm] error: Compilation error: break can only be used"),
        ('test "a" { }', ("--filter",), 2, "option '--filter' needs a value: --filter TEXT"),
        ('test "a" { }', ("--fast",), 2, "unknown option '--fast'"),
    ],
)
def test_what_cannot_be_run_is_refused_before_any_test(
    tmp_path: Path, text: str, options: tuple[str, ...], exit_code: int, message: str
) -> None:
    result = run_tests(tmp_path, f'test "first" {{ print("no") }} {text}', *options)
    assert (result.stdout, result.exit_code) == ("", exit_code)
    assert message in result.stderr


def test_a_file_must_be_given_and_readable(tmp_path: Path) -> None:
    assert rufflang("test-run", folder=tmp_path).exit_code == 2
    missing = rufflang("test-run", "none.ruff", folder=tmp_path)
    assert missing.exit_code == 5
    assert missing.stderr.startswith("[RUFCLI001] [cli] error: Failed to read .ruff file 'none.ruff': ")


def test_running_a_file_and_its_tests_does_not_mix_them_up(tmp_path: Path) -> None:
    text = 'print("program")\ntest "a" { print("test") }'
    write_program(tmp_path, text, "suite.ruff")
    for _ in range(2):
        assert rufflang("run", "suite.ruff", folder=tmp_path).stdout == "program\n"
        assert rufflang("test-run", "suite.ruff", folder=tmp_path).stdout.startswith("test\n\n")


@ENGINES
def test_an_interruption_ends_the_whole_run(tmp_path: Path, engine: str) -> None:
    write_program(tmp_path, 'test "a" { eprint("started"); loop { } } test "b" { print("no") }', "suite.ruff")
    command = [sys.executable, "-m", "rufflang", "test-run", "suite.ruff", "--engine", engine]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == b"started\n"
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=20)
    assert (output, process.returncode) == (b"", 130)


def test_many_tests_take_little_time_each(tmp_path: Path) -> None:
    tests = "\n".join(f'test "number {i}" {{ assert_equal(double({i}), {2 * i}) }}' for i in range(300))
    result = run_tests(tmp_path, f"func double(x) {{ return x * 2 }}\n{tests}")
    total = re.search(r"^Time:  (\d+)ms$", result.stdout, re.MULTILINE)
    assert "\nTests: 300 total, 300 passed, 0 failed\n" in result.stdout
    assert total is not None and int(total[1]) < 300 * 20


def test_only_a_terminal_shows_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    results = [test_report.TestResult("a", None, 0.0015), test_report.TestResult("b", "why", 0.0)]
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "  ✓ a (1ms)\n  ✗ b (0ms)\n    Error: why\n\n" in report(results, verbose=True)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    coloured = report(results, verbose=True)
    assert "  \x1b[32m✓\x1b[0m a (1ms)\n" in coloured
    assert coloured.endswith("\n\x1b[31m1 test(s) failed\x1b[0m")
    monkeypatch.setenv("NO_COLOR", "")
    assert "\x1b" not in report(results, verbose=True)


@ENGINES
def test_an_error_of_a_spawned_block_is_reported_and_does_not_fail_the_test(tmp_path: Path, engine: str) -> None:
    text = 'test "a" { ch := channel()\n spawn { throw("in the block") }\n ch.receive() }'
    result = run_tests(tmp_path, text, "--engine", engine)
    assert result.exit_code == 0
    assert result.stderr.startswith("[RUFVM001] [vm] Runtime Error: in the block\n  --> suite.ruff:2:")


@ENGINES
def test_exit_in_a_spawned_block_fails_the_test(tmp_path: Path, engine: str) -> None:
    text = 'test "a" { ch := channel()\n spawn { exit(0) }\n ch.receive()\n sleep(5000) }'
    result = run_tests(tmp_path, text, "-v", "--engine", engine)
    assert result.exit_code == 1
    assert "exit(0) was called" in result.stdout
