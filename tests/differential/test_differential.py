"""Random programs behave the same whichever way they are run.

The programs are the same every time.  `python -m tests.differential --minutes N` goes on with others.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.differential.__main__ import ways_of, ways_of_versions
from tests.differential.edits import versions
from tests.differential.generator import program
from tests.differential.looping import loops
from tests.differential.mutation import variation
from tests.differential.reducer import reduced
from tests.differential.running import AT_ONCE, DEFAULT, INTERPRETER, REFERENCE, behaviour, checked
from tests.differential.workers import ENDLESS, Worker

COUNT = 14
EDITED = 12
LOOPS = 8
PATIENCE = 8.0
"""Programs that end on the reference evaluator do so in the other ways too, if not how soon on a busy machine."""


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker(patience=PATIENCE) as started:
        yield started


@pytest.mark.parametrize("seed", range(COUNT))
def test_a_random_program_behaves_the_same_in_every_way(worker: Worker, seed: int) -> None:
    assert worker.difference(program(seed), ways_of(seed)) is None


@pytest.mark.parametrize("seed", range(COUNT))
def test_a_variation_of_a_conformance_program_behaves_the_same_in_every_way(worker: Worker, seed: int) -> None:
    assert worker.difference(variation(seed), ways_of(seed)) in (None, ENDLESS)


@pytest.mark.parametrize("seed", range(40, 40 + LOOPS))
def test_loops_over_arrays_and_texts_behave_the_same_in_every_way(worker: Worker, seed: int) -> None:
    assert worker.difference(loops(seed), ways_of(seed)) in (None, ENDLESS)


@pytest.mark.parametrize("seed", range(1, 2 * EDITED, 2))
def test_a_program_that_is_edited_behaves_as_it_stands_whatever_code_is_kept(worker: Worker, seed: int) -> None:
    assert worker.difference(versions(seed), ways_of_versions(seed)) in (None, ENDLESS)


def test_most_versions_of_edited_programs_are_well_formed() -> None:
    texts = [text for seed in range(COUNT) for text in versions(seed)]
    assert sum(checked(text) is not None for text in texts) > 0.6 * len(texts)


def test_all_loops_are_well_formed() -> None:
    assert all(checked(loops(seed)) is not None for seed in range(COUNT))


def test_half_of_the_variations_are_well_formed() -> None:
    assert sum(checked(variation(seed)) is not None for seed in range(COUNT)) >= COUNT // 2


def test_a_number_always_gives_the_same_program() -> None:
    assert program(7) == program(7)
    assert program(7) != program(8)


def test_nearly_every_random_program_is_well_formed_and_prints_something() -> None:
    outputs = []
    for seed in range(COUNT):
        found = checked(program(seed))
        outputs.append("" if found is None else behaviour(*found, REFERENCE).output)
    assert sum(len(output.splitlines()) > 3 for output in outputs) > 0.9 * COUNT


def test_a_difference_in_output_is_noticed(worker: Worker) -> None:
    # The clock differs between any two runs.
    answer = worker.difference("print(performance_now())", (INTERPRETER,))
    assert answer is not None and answer.startswith("interpreter: expected exit code 0")


def test_a_program_that_ends_its_process_is_reported_and_the_next_one_is_run(worker: Worker) -> None:
    assert worker.difference("while true { }", (DEFAULT,), time_limit=0.2) == ENDLESS
    assert worker.difference("print(1)", (AT_ONCE,)) is None


def test_a_program_is_reduced_to_the_lines_and_parts_that_matter() -> None:
    text = "a := 1\nif a == 1 {\n    b := [a, 2]\n    print(bad(b, 3))\n}\nprint(a)\n"
    assert reduced(text, lambda candidate: "bad" in candidate).strip() == "bad"
