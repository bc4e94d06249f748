"""`rufflang profile`: the program runs as ever, and the report follows."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command import Result, environment, rufflang, write_program

pytestmark = pytest.mark.alone

TITLE = "=== Performance Profile Report ==="
HEAVY = "s := ((s + i * 3) % 1000003 * 7 + i * i) % 999983"  # far more work than the `for` around it
BUSY = f"""\
func idle(n) {{ return n }}
func busy(n) {{
    mut s := 0
    for i in range(n) {{
        {HEAVY}
    }}
    return s
}}
idle(1)
print(busy(20000000))
eprint("aside")
"""

ENDLESS = """\
func spin(n) {
    mut i := 0
    for k in range(n) {
        i := (i + 1) % 10
    }
}
spin(5000)
eprint("ready")
spin(9000000000000000000)
"""


def profile(folder: Path, program: str, *words: str, **variables: str) -> Result:
    write_program(folder, program)
    return rufflang("profile", "program.ruff", *words, folder=folder, variables=variables)


def table(report: str, title: str) -> list[str]:
    """The rows of a table of the report."""
    (part,) = [part for part in report.split("\n\n") if part.startswith(title)]
    return part.splitlines()[2:]


def test_the_report_goes_to_standard_error_and_the_output_stays_the_programs(tmp_path: Path) -> None:
    result = profile(tmp_path, BUSY)
    assert result.stdout == rufflang("run", "program.ruff", folder=tmp_path).stdout
    assert result.stderr.startswith(f"aside\n{TITLE}\n\nprogram.ruff: ")
    assert result.exit_code == 0


@pytest.mark.parametrize("jit", ["on", "off", "sync"])
def test_the_hot_function_and_its_line_come_first(tmp_path: Path, jit: str) -> None:
    report = profile(tmp_path, BUSY, "--jit", jit).stderr
    assert table(report, "Functions")[0].endswith("  busy  program.ruff:2")
    assert table(report, "Lines")[0].endswith(f"  program.ruff:5  {HEAVY}")
    assert "idle" not in report


def test_lines_of_imported_modules_are_shown_also_when_they_come_from_the_cache(tmp_path: Path) -> None:
    module = BUSY.split("idle(1)")[0].replace("func busy", "export func busy")
    write_program(tmp_path, module, "helper.ruff")
    for _ in range(2):
        report = profile(tmp_path, "import helper\nprint(helper.busy(20000000))\n").stderr
        assert any(f"helper.ruff:5  {HEAVY}" in line for line in table(report, "Lines")[:2])
        assert "busy" in table(report, "Functions")[0]


def test_the_report_can_go_to_a_file(tmp_path: Path) -> None:
    result = profile(tmp_path, BUSY, "--out", "report.txt")
    assert result.stderr == "aside\n"
    assert (tmp_path / "report.txt").read_text().startswith(TITLE)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["program.ruff", "report.txt"]


def test_a_flame_graph_can_be_written(tmp_path: Path) -> None:
    result = profile(tmp_path, BUSY, "--html", "graph.html")
    assert TITLE in result.stderr
    page = (tmp_path / "graph.html").read_text()
    assert page.startswith("<!DOCTYPE html>") and '"n":"busy"' in page
    assert sorted(path.name for path in tmp_path.iterdir()) == ["graph.html", "program.ruff"]


def test_the_number_of_rows_can_be_chosen(tmp_path: Path) -> None:
    report = profile(tmp_path, BUSY, "--top", "1", "--jit", "off").stderr
    rows = table(report, "Functions")
    assert rows[0].endswith("busy  program.ruff:2")
    assert rows[1].strip() == "…  1 more"


def test_allocations_are_counted_when_asked_for(tmp_path: Path) -> None:
    program = "mut a := []\nfor i in range(5000) { a := [to_string(i)] }\n"
    assert "Allocations: " in profile(tmp_path, program, "--allocations").stderr
    assert "Allocations: " not in profile(tmp_path, program).stderr


@pytest.mark.parametrize(
    ("option", "missing"),
    [
        ("--no-cpu", ["Functions", "Lines"]),
        ("--no-memory", [", longest ", "Allocations: "]),
        ("--no-jit", ["Compilations", " of 0."]),
    ],
)
def test_each_part_of_the_report_can_be_left_out(tmp_path: Path, option: str, missing: list[str]) -> None:
    words = ("--jit", "sync", "--memory", "--cpu")
    whole = profile(tmp_path, BUSY, *words).stderr
    part = profile(tmp_path, BUSY, *words, option).stderr
    assert [text in whole for text in missing] == [True] * len(missing)
    assert [text in part for text in missing] == [False] * len(missing)
    assert part.count("\n\n") > 1


def test_an_uncaught_error_comes_before_the_report_and_decides_the_exit_code(tmp_path: Path) -> None:
    result = profile(tmp_path, 'func f() { throw("oh") }\nprint(1)\nf()\n')
    plain = rufflang("run", "program.ruff", folder=tmp_path)
    assert (result.stdout, result.exit_code) == (plain.stdout, plain.exit_code)
    assert result.stderr.startswith(f"{plain.stderr}{TITLE}\n")


def test_exit_decides_the_exit_code(tmp_path: Path) -> None:
    assert profile(tmp_path, "exit(7)\n").exit_code == 7


def test_limits_hold(tmp_path: Path) -> None:
    endless = "mut i := 0\nwhile true { i := (i + 1) % 10 }\n"
    for words in (("--timeout", "0.3"), ("--fuel", "100000"), ("--fuel", "100000", "--jit", "sync")):
        result = profile(tmp_path, endless, *words)
        plain = rufflang("run", "program.ruff", *words, folder=tmp_path)
        assert (result.stdout, result.exit_code) == (plain.stdout, plain.exit_code)
        assert result.stderr.startswith(f"{plain.stderr}{TITLE}\n")
    deep = profile(tmp_path, "func f(n) { return f(n + 1) }\nf(0)\n", "--max-depth", "50")
    assert "Maximum VM call stack depth of 50 exceeded while calling f" in deep.stderr


@pytest.mark.parametrize("jit", ["on", "off", "sync"])
def test_ctrl_c_ends_the_program_and_the_report_on_what_was_seen_follows(tmp_path: Path, jit: str) -> None:
    write_program(tmp_path, ENDLESS)
    command = [sys.executable, "-m", "rufflang", "profile", "program.ruff", "--jit", jit]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == b"ready\n"
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.5)
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=20)
    assert process.returncode == 130
    assert stderr.startswith(TITLE.encode())
    assert b"  program.ruff:4  i := (i + 1) % 10\n" in stderr
    assert b"  spin  program.ruff:1\n" in stderr
    assert stderr.endswith(b"\nInterrupted\n")


def test_a_program_that_hangs_in_a_builtin_is_given_up_with_a_report(tmp_path: Path) -> None:
    result = profile(tmp_path, "sleep(200)\nsleep(100000)\n", "--timeout", "0.5")
    assert result.exit_code == 4
    assert "Time limit of 0.5s exceeded" in result.stderr
    assert table(result.stderr, "Builtin functions")[0].endswith("  sleep")
    assert table(result.stderr, "Lines")[0].endswith("  program.ruff:2  sleep(100000)")


def test_a_program_with_static_errors_is_not_run(tmp_path: Path) -> None:
    result = profile(tmp_path, "print(1)\nreturn 5\nbreak\n")
    plain = rufflang("run", "program.ruff", folder=tmp_path)
    assert (result.stdout, result.stderr, result.exit_code) == ("", plain.stderr, plain.exit_code)


def test_without_a_file_the_usage_is_shown(tmp_path: Path) -> None:
    result = rufflang("profile", folder=tmp_path)
    assert result.exit_code == 2
    assert "no FILE given\nusage: rufflang profile FILE [options] [-- ARGS...]" in result.stderr


def test_a_missing_program_is_an_input_failure(tmp_path: Path) -> None:
    result = rufflang("profile", "nowhere.ruff", folder=tmp_path)
    assert result.exit_code == 5
    assert "Failed to read .ruff file 'nowhere.ruff'" in result.stderr


@pytest.mark.parametrize("option", ["--out", "--html"])
def test_a_file_that_cannot_be_written_is_noticed_before_the_program_runs(tmp_path: Path, option: str) -> None:
    for place, reason in (("nowhere/report", "there is no such folder"), (".", "it is a folder")):
        result = profile(tmp_path, "print(1)\n", option, place)
        assert (result.stdout, result.exit_code) == ("", 5)
        assert result.stderr == f"[RUFCLI001] [cli] error: Failed to write '{place}': {reason}\n"


def test_a_device_stays_a_device(tmp_path: Path) -> None:
    result = profile(tmp_path, "print(1)\n", "--out", "/dev/stdout")
    assert result.stdout.startswith(f"1\n{TITLE}")
    assert Path("/dev/null").is_char_device()
