"""The benchmark programs: what each one shows, and a size at which it ends at once.

A program lives in `programs/NAME/NAME.EXTENSION`, one file per language. It takes its size as its
first argument; the size used for measuring is the default that is written in the program itself, so
that the file can be run alone and the runner cannot disagree with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PROGRAMS = Path(__file__).resolve().parent / "programs"


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One program in all its languages."""

    name: str
    small_size: int
    subject: str

    def source(self, extension: str) -> Path:
        """The file of this program in the language with that file extension."""
        return PROGRAMS / self.name / f"{self.name}.{extension}"


EMPTY = Benchmark("empty", 0, "start and stop")

BENCHMARKS = (
    Benchmark("fib", 12, "calls"),
    Benchmark("nested_loops", 12, "counting loops over integers"),
    Benchmark("collatz", 200, "while loops over integers"),
    Benchmark("mandelbrot", 12, "float arithmetic"),
    Benchmark("nbody", 20, "float fields of structs in an array"),
    Benchmark("spectral_norm", 10, "a small function in nested float loops"),
    Benchmark("sieve", 1000, "array elements"),
    Benchmark("matrix", 10, "nested arrays"),
    Benchmark("heap", 300, "an array that functions change and return"),
    Benchmark("quicksort", 300, "an array through recursive calls"),
    Benchmark("fannkuch", 5, "elements of small arrays"),
    Benchmark("levenshtein", 20, "rows of a table, comparing characters"),
    Benchmark("int_dict", 1000, "dictionary with integer keys"),
    Benchmark("word_count", 1, "split, dictionary with string keys"),
    Benchmark("string_building", 20, "growing strings"),
    Benchmark("string_scan", 1, "characters of a string"),
    Benchmark("serialise", 20, "recursion over nested data, growing strings"),
    Benchmark("struct_fields", 1000, "fields of one struct"),
    Benchmark("particles", 2, "fields of structs in an array, assigned in place"),
    Benchmark("methods", 5000, "method calls"),
    Benchmark("shapes", 3, "methods of four structs in one place"),
    Benchmark("binary_trees", 6, "allocation of short-lived structs"),
    Benchmark("tree_map", 50, "structs that are never changed, methods"),
    Benchmark("closures", 5, "map, filter, reduce with closures"),
    Benchmark("generators", 100, "a pipeline of generators"),
    Benchmark("exceptions", 300, "raising and catching"),
    Benchmark("queens", 5, "recursion with small arrays"),
)


def select(names: list[str]) -> list[Benchmark]:
    """The benchmarks with those names, in the order of the catalogue; all of them for no names.

    Raises KeyError with the first name that there is none of.
    """
    known = {benchmark.name for benchmark in BENCHMARKS}
    for name in names:
        if name not in known:
            raise KeyError(name)
    return [benchmark for benchmark in BENCHMARKS if not names or benchmark.name in names]
