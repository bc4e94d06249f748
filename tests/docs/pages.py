"""The project's pages and the samples in them.

A sample is a fenced `ruff` or `python` block followed by a `text` block with everything it writes, or
a `console` block: lines that begin with `$ ` are commands, each followed by what it writes, where a
line `...` stands for any lines and `0ms` for any duration. A comment `<!-- file: NAME -->` before a
block gives its text that name in the folder in which the page's commands run; such a block needs no
`text` block.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.cli.command import PROJECT, TIME_LIMIT_SECONDS, environment

PAGES = (
    "README.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    *sorted(f"docs/{page.name}" for page in PROJECT.glob("docs/*.md")),
)
UNTESTED_PYTHON = ("docs/lowpy.md",)
"""Pages whose Python blocks are fragments."""

_BLOCK = re.compile(r"(?:^<!-- file: (\S+) -->\n+)?^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_SUFFIXES = {"ruff": ".ruff", "python": ".py"}


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: where it starts, its language, its text, and the file name it is given."""

    page: str
    line: int
    language: str
    text: str
    file: str


@dataclass(frozen=True, slots=True)
class Sample:
    """Something to run, and what it must write."""

    block: Block
    command: str
    expected: str
    files: tuple[Block, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.block.page}:{self.block.line}: {self.command}"


def read_page(page: str) -> str:
    return (PROJECT / page).read_text(encoding="utf-8")


def blocks(page: str) -> list[Block]:
    """The fenced blocks of a page."""
    text = read_page(page)
    return [
        Block(page, text.count("\n", 0, match.start(2)) + 1, match[2], match[3], match[1] or "")
        for match in _BLOCK.finditer(text)
    ]


def samples(page: str) -> list[Sample]:
    """Everything on a page that can be run; raises ValueError for a block without expected output."""
    found: list[Sample] = []
    files: list[Block] = []
    everything = blocks(page)
    for index, block in enumerate(everything):
        if block.file:
            files.append(block)
        elif block.language == "console":
            found.extend(_commands(block, tuple(files)))
        elif block.language == "ruff" or (block.language == "python" and page not in UNTESTED_PYTHON):
            answer = everything[index + 1] if index + 1 < len(everything) else None
            if answer is None or answer.language != "text":
                raise ValueError(f"{page}:{block.line}: no output is shown")
            found.append(Sample(block, f"{block.language} sample", answer.text))
    return found


def _commands(block: Block, files: tuple[Block, ...]) -> list[Sample]:
    parts = re.split(r"^\$ (.*)\n", block.text, flags=re.MULTILINE)
    return [
        Sample(block, command, expected, files)
        for command, expected in zip(parts[1::2], parts[2::2], strict=True)
    ]


def run_sample(sample: Sample, folder: Path) -> str:
    """What a sample writes: standard output, then standard error."""
    for file in sample.files:
        (folder / file.file).write_text(file.text, encoding="utf-8")
    words, variables = _words(sample, folder)
    finished = subprocess.run(
        words,
        cwd=folder,
        capture_output=True,
        timeout=TIME_LIMIT_SECONDS,
        env=environment(RUFFLANG_JIT_CHECK="1", **variables),
    )
    return finished.stdout.decode() + finished.stderr.decode()


def _words(sample: Sample, folder: Path) -> tuple[list[str], dict[str, str]]:
    """The command line of a sample and the variables it sets."""
    language = sample.block.language
    if language != "console":
        script = f"sample{_SUFFIXES[language]}"
        (folder / script).write_text(sample.block.text, encoding="utf-8")
        command = f"rufflang run {script}" if language == "ruff" else f"python {script}"
        return _program(shlex.split(command)), {}
    words = shlex.split(sample.command)
    variables = {}
    while "=" in words[0]:
        name, _, variables[name] = words.pop(0).partition("=")
    return _program(words), variables


def _program(words: list[str]) -> list[str]:
    if words[0] == "rufflang":
        return [sys.executable, "-m", *words]
    assert words[0] == "python", words
    return [sys.executable, *words[1:]]


def matches(expected: str, actual: str) -> bool:
    """Whether a sample wrote what its page shows."""
    pattern = "".join(
        r"(?:.*\n)*?" if line == "...\n" else re.sub(r"\b0ms\b", r"\\d+ms", re.escape(line))
        for line in expected.splitlines(keepends=True)
    )
    return re.fullmatch(pattern, actual) is not None
