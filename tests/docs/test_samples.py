"""What the README and the documentation show is what really happens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.command import PROJECT, rufflang
from tests.docs.pages import PAGES, Sample, matches, read_page, run_sample, samples

SAMPLES = [sample for page in PAGES for sample in samples(page)]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_sample_writes_what_the_page_shows(sample: Sample, tmp_path: Path) -> None:
    actual = run_sample(sample, tmp_path)
    assert matches(sample.expected, actual), f"it wrote:\n{actual}"


def test_output_that_differs_is_noticed() -> None:
    assert matches("a\n...\nd\n", "a\nb\nc\nd\n")
    assert matches("...\nd\n", "d\n")
    assert not matches("a\n...\nd\n", "a\nb\nc\n")
    assert not matches("a.c\n", "abc\n")
    assert matches("(0ms)\n", "(17ms)\n")
    assert not matches("10ms\n", "17ms\n")


@pytest.mark.parametrize("page", PAGES)
def test_every_command_a_page_mentions_exists(page: str) -> None:
    for command in set(re.findall(r"`(?:\$ )?rufflang ([\w-]+)", read_page(page))):
        assert rufflang(command, "--help").exit_code == 0, command


@pytest.mark.parametrize("page", PAGES)
def test_every_file_a_page_links_to_exists(page: str) -> None:
    folder = (PROJECT / page).parent
    for path in re.findall(r"\]\(([^):#]+)(?:#[\w-]+)?\)", read_page(page)):
        assert (folder / path).exists(), path


def test_every_page_of_the_documentation_can_be_reached_from_the_readme() -> None:
    linked = set(re.findall(r"\]\(([^):#]+)\)", read_page("README.md")))
    assert {page for page in PAGES if page != "README.md"} <= linked
