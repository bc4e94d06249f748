"""The command itself: help, version, and what a wrong command line is told."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path

import pytest

from rufflang import __version__
from rufflang.cli import main
from tests.cli.command import PROJECT, rufflang, write_program


@pytest.mark.parametrize("words", [(), ("--help",), ("-h",), ("help",)])
def test_without_a_command_the_commands_are_listed(words: tuple[str, ...]) -> None:
    result = rufflang(*words)
    assert result.exit_code == 0
    assert result.stdout.startswith("Ruff: A modern programming language\n")
    assert "usage: rufflang COMMAND" in result.stdout
    assert "  run  " in result.stdout and "  check  " in result.stdout
    assert result.stderr == ""


def test_the_version_is_shown() -> None:
    result = rufflang("--version")
    assert (result.stdout, result.stderr, result.exit_code) == (f"rufflang {__version__}\n", "", 0)


def test_called_from_python_the_command_leaves_python_s_own_collector_as_it_is() -> None:
    before = gc.get_threshold(), gc.get_freeze_count()
    assert main(["--version"]) == 0
    assert (gc.get_threshold(), gc.get_freeze_count()) == before


def test_help_of_a_command_lists_its_options() -> None:
    result = rufflang("run", "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith("usage: rufflang run FILE")
    for option in ("--jit [on|off|sync]", "--max-depth N", "--json-runtime-diagnostics", "--allow-clock"):
        assert option in result.stdout


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("fly",), "unknown command 'fly'"),
        (("--fly",), "unknown option '--fly'"),
        (("hello.ruff",), "unknown command 'hello.ruff'; to run a program: rufflang run hello.ruff"),
        (("run",), "no FILE given"),
        (("run", "x.ruff", "--fly"), "unknown option '--fly'"),
        (("run", "x.ruff", "--max-depth"), "option '--max-depth' needs a value: --max-depth N"),
        (("run", "x.ruff", "--max-depth", "0"), "invalid value '0' for '--max-depth'"),
        (("run", "x.ruff", "--max-depth", "-3"), "invalid value '-3' for '--max-depth'"),
        (("run", "x.ruff", "--max-depth", "9" * 5000), "for '--max-depth'"),
        (("run", "x.ruff", "--jit-threshold=x"), "invalid value 'x' for '--jit-threshold'"),
        (("run", "x.ruff", "--jit=fast"), "invalid value 'fast' for '--jit': expected on, off or sync"),
        (("run", "x.ruff", "--engine", "steam"), "invalid value 'steam' for '--engine'"),
        (("run", "x.ruff", "--interpreter=yes"), "option '--interpreter' takes no value"),
        (("run", "x.ruff", "--max-memory", "lots"), "invalid value 'lots' for '--max-memory'"),
        (("run", "x.ruff", "--max-memory", "0MB"), "invalid value '0MB' for '--max-memory'"),
        (("run", "x.ruff", "--scheduler-timeout-ms", "0"), "Scheduler timeout must be greater than 0ms"),
        (("check",), "no FILE given"),
        (("check", "a.ruff", "b.ruff"), "more than one FILE given"),
        (("check", "a.ruff", "-q", "-v"), "--quiet and --verbose exclude each other"),
    ],
)
def test_a_wrong_command_line_is_explained_with_exit_code_2(words: tuple[str, ...], complaint: str) -> None:
    result = rufflang(*words)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("[RUFCLI001] [cli] error: ")
    assert complaint in result.stderr
    assert "usage: rufflang" in result.stderr


@pytest.mark.parametrize(
    "options",
    [
        ("--jit",),
        ("--jit", "off"),
        ("--jit=sync", "--jit-threshold", "1"),
        ("--interpreter",),
        ("--engine", "reference"),
        ("--max-memory", "64MB"),
        ("--max-memory=1g", "--max-depth=50"),
        ("--scheduler-timeout-ms", "500"),
        ("--untrusted", "--allow-clock"),
        ("--allow-all",),
    ],
)
def test_accepted_options_leave_an_ordinary_program_unchanged(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    write_program(tmp_path, "print(args())")
    after = rufflang("run", "program.ruff", *options, folder=tmp_path)
    assert (after.stdout, after.stderr, after.exit_code) == ("[]\n", "", 0)
    before = rufflang("run", *options, "program.ruff", folder=tmp_path)
    assert (before.stdout, before.stderr, before.exit_code) == ("[]\n", "", 0)


def test_words_after_the_file_and_after_two_dashes_are_arguments_of_the_program(tmp_path: Path) -> None:
    write_program(tmp_path, "print(args())")
    result = rufflang("run", "program.ruff", "one", "--jit", "off", "two", "--", "--jit", "", folder=tmp_path)
    assert result.stdout == "[one, two, --jit, ]\n"


def test_a_start_imports_nothing_slow_that_it_does_not_need(tmp_path: Path) -> None:
    slow = {"argparse", "dataclasses", "json", "llvmlite", "typing"}
    write_program(tmp_path, "print((1)")
    imported = imports_of("check", tmp_path)
    assert "rufflang.cli.front_end" in imported
    assert not imported & slow
    write_program(tmp_path, "print(1)")
    rufflang("run", "program.ruff", folder=tmp_path)
    imported = imports_of("run", tmp_path)
    assert "rufflang.host.running" in imported
    assert not imported & {*slow, "rufflang.cli.front_end"}


def imports_of(command: str, folder: Path) -> set[str]:
    """The modules that a command imports for `program.ruff`."""
    result = rufflang(command, "program.ruff", folder=folder, variables={"PYTHONPROFILEIMPORTTIME": "1"})
    return {line.rsplit("|", 1)[1].strip() for line in result.stderr.splitlines() if "|" in line}


@pytest.mark.parametrize("watcher", ["atexit.register(print, 'seen')", "sys.setprofile(lambda *_: None)"])
def test_what_waits_for_the_end_of_python_gets_it(watcher: str) -> None:
    text = f"import atexit, sys; {watcher}; sys.argv[1:] = ['--version']; import rufflang.cli\n"
    ended = run_python(f"{text}try: sys.exit(rufflang.cli.main())\nfinally: print('over')")
    assert ended.returncode == 0 and "over\n" in ended.stdout
    assert ("seen" in ended.stdout) == ("seen" in watcher)


def test_otherwise_the_process_ends_at_once() -> None:
    text = "import sys; sys.argv[1:] = ['--version']; sys.stderr.write('all'); import rufflang.cli\n"
    ended = run_python(f"{text}try: rufflang.cli.main()\nfinally: print('over')")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, f"rufflang {__version__}\n", "all")


def run_python(text: str) -> subprocess.CompletedProcess[str]:
    """A Python process of its own."""
    return subprocess.run([sys.executable, "-c", text], cwd=PROJECT, capture_output=True, text=True, check=False)
