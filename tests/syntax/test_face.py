"""The public face of the package, and what importing it costs."""

from __future__ import annotations

import subprocess
import sys

import rufflang.syntax


def test_the_face_is_exactly_what_it_says() -> None:
    assert sorted(rufflang.syntax.__all__) == [
        "Diagnostic",
        "ParseResult",
        "Source",
        "Span",
        "Token",
        "check_program",
        "lex",
        "parse",
        "render",
        "to_json_object",
    ]
    for name in rufflang.syntax.__all__:
        assert getattr(rufflang.syntax, name).__doc__


def test_importing_it_loads_none_of_the_slow_modules() -> None:
    code = "import sys, rufflang.syntax; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert not {"inspect", "dataclasses", "typing", "threading"} & set(loaded.split())
