"""Compiling in processes of their own: the object files, LLVM's messages, and what happens when there is none."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rufflang.lowpy import part_process
from rufflang.lowpy.build import compile_object
from rufflang.lowpy.part_process import compile_objects

PROJECT = Path(__file__).parents[2]
TEXTS = [f"define i64 @f{number}(i64 %x) {{\n  ret i64 {number}\n}}\n" for number in range(3)]
ENDLESS = "import time\ndef main():\n    open(__file__ + str(__import__('os').getpid()), 'w')\n    time.sleep(600)\n"


def fail(text: str) -> bytes:
    raise AssertionError("this is not the process that should compile")


def test_other_processes_make_the_same_object_files_in_the_same_order(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = [compile_object(text) for text in TEXTS]
    monkeypatch.setattr(part_process, "compile_object", fail)
    assert compile_objects(TEXTS) == expected


def test_what_llvm_says_about_a_module_is_what_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(part_process, "compile_object", fail)
    with pytest.raises(RuntimeError, match="use of undefined value '%nowhere'"):
        compile_objects([TEXTS[0], "define i64 @f() {\n  ret i64 %nowhere\n}\n"])


@pytest.mark.parametrize("executable", ["", None, "/nonexistent/python", "false"])
def test_where_python_cannot_be_started_this_process_compiles(
    monkeypatch: pytest.MonkeyPatch, executable: str | None
) -> None:
    expected = [compile_object(text) for text in TEXTS]
    monkeypatch.setattr(sys, "executable", executable)
    assert compile_objects(TEXTS) == expected


def test_ctrl_c_ends_the_processes_as_well(tmp_path: Path) -> None:
    (tmp_path / "endless.py").write_text(ENDLESS)
    script = (
        "import sys\nfrom rufflang.lowpy import part_process\n"
        "part_process.python_command = lambda _: [sys.executable, '-c', 'from endless import main; main()']\n"
        "part_process.compile_objects(['', ''])\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": f"{PROJECT}{os.pathsep}{tmp_path}"}, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    deadline = time.monotonic() + 30.0
    while len(started := list(tmp_path.glob("endless.py?*"))) < 2:
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert errors.endswith("KeyboardInterrupt\n")
    for path in started:
        with pytest.raises(ProcessLookupError):
            os.kill(int(path.name.removeprefix("endless.py")), 0)
