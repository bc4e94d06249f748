"""A profile as text: tables for a terminal, the most expensive first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain
from typing import TypeVar

from rufflang.jit.hot import AGAIN, HOT_GENERATOR, HOT_LOOP
from rufflang.profiler.reasons import exit_reason, kind_name
from rufflang.profiler.samples import COMPILED, GARBAGE, INTERPRETED, WAITING, Place, Profile
from rufflang.profiler.totals import Total, Totals, totals_of
from rufflang.source import Source

TITLE = "=== Performance Profile Report ==="
DEFAULT_ROWS = 10
CPU, MEMORY, JIT = PARTS = ("cpu", "memory", "jit")
"""What may be left out of a report."""
_LONGEST_LINE = 70
_OUTSIDE = Place("<before the program>", 0)

T = TypeVar("T")


class Report:
    """The tables about a program and the blocks that it spawned, with so many rows each.

    `parts` are those of PARTS that are wanted.
    """

    def __init__(
        self,
        profiles: Sequence[Profile],
        source: Source,
        rows: int = DEFAULT_ROWS,
        parts: Collection[str] = PARTS,
    ) -> None:
        self._profiles = profiles
        self._source = source
        self._rows = rows
        self._parts = parts
        self._sources = {source.name: source}
        for profile in profiles:
            for facts in profile.recording.chunks.values():
                if facts.source is not None:
                    self._sources[facts.source.name] = facts.source
        self._totals: Totals = totals_of(chain.from_iterable(profile.samples() for profile in profiles))

    def text(self) -> str:
        """The whole report."""
        tables = [self._summary()]
        if CPU in self._parts:
            tables += [self._functions(), self._lines(), self._builtins()]
        if JIT in self._parts:
            tables += [self._compilations(), self._exits()]
        if MEMORY in self._parts:
            tables.append(self._allocations())
        return "\n\n".join("\n".join(lines) for table in tables if (lines := list(table)))

    # --------------------------------------------------------------------------- time

    def _summary(self) -> Iterator[str]:
        watched = sum(profile.seconds for profile in self._profiles)
        yield TITLE
        yield ""
        machines = f" in {len(self._profiles)} virtual machines" if len(self._profiles) > 1 else ""
        yield f"{self._source.name}: {watched:.3f}s{machines}, {self._totals.count} samples"
        notes = {}
        if MEMORY in self._parts:
            notes[GARBAGE] = self._collections()
        if JIT in self._parts:
            notes[WAITING] = self._compiling()
        for mode in (COMPILED, INTERPRETED, GARBAGE, WAITING):
            seconds = self._totals.all.by_mode.get(mode, 0.0)
            note = notes.get(mode, "")
            yield f"  {mode:<20}{self._time(seconds)}{'  ' + note if note else ''}"

    def _collections(self) -> str:
        count = sum(profile.recording.collections for profile in self._profiles)
        longest = max((profile.recording.pause_longest for profile in self._profiles), default=0)
        size = sum(profile.recording.allocated_bytes for profile in self._profiles)
        return f"{_plural(count, 'collection')}, longest {longest / 1e6:.1f}ms; {_size(size)} allocated"

    def _compiling(self) -> str:
        compilations = [item for profile in self._profiles for item in profile.recording.compilations]
        seconds = sum(item.seconds for item in compilations)
        return f"{_plural(len(compilations), 'compilation')} of {seconds:.3f}s in all" if compilations else ""

    def _functions(self) -> Iterator[str]:
        ranked = _ranked(self._totals.functions.items())
        if ranked:
            yield "Functions (self: in the function and the builtins it calls; total: until it returns)"
            yield f"{'self':>10}{'total':>18}{'compiled':>18}  function"
        for function, total in ranked[: self._rows]:
            times = f"{self._time(total.seconds)}{self._time(total.inclusive)}"
            yield f"{times}{_share(total)}  {function.name}  {function.place}"
        yield from self._more(ranked)

    def _lines(self) -> Iterator[str]:
        ranked = _ranked((place, total) for place, total in self._totals.lines.items() if place.line > 0)
        if ranked:
            yield "Lines"
            yield f"{'time':>10}{'compiled':>18}  line"
        for place, total in ranked[: self._rows]:
            yield f"{self._time(total.seconds)}{_share(total)}  {self._shown(place)}"
        yield from self._more(ranked)

    def _builtins(self) -> Iterator[str]:
        ranked = _ranked(self._totals.builtins.items())
        if ranked:
            yield "Builtin functions"
            yield f"{'time':>10}          function"
        for name, total in ranked[: self._rows]:
            yield f"{self._time(total.seconds)}  {name}"
        yield from self._more(ranked)

    # ---------------------------------------------------------------------------- JIT

    def _compilations(self) -> Iterator[str]:
        done = [(profile, item) for profile in self._profiles for item in profile.recording.compilations]
        done.sort(key=lambda pair: -pair[1].seconds)
        if done:
            yield "Compilations"
            yield f"{'time':>10}  what"
        for profile, item in done[: self._rows]:
            chunk = profile.chunk(item.number)
            name = "?" if chunk is None else chunk.function.name
            place = "" if chunk is None else chunk.function.place
            what = name
            if item.cause == HOT_LOOP and chunk is not None:
                what, place = f"loop of {name}", chunk.place(item.index)
            elif item.cause == HOT_GENERATOR:
                what = f"generator {name}"
            elif item.cause == AGAIN:
                what = f"{name}, once more"
            refused = f"  refused: {item.refusal}" if item.refusal else ""
            yield f"{item.seconds:>9.3f}s  {what}  {place}{refused}"
        yield from self._more(done)

    def _exits(self) -> Iterator[str]:
        counts: dict[tuple[Place, str], int] = {}
        for profile in self._profiles:
            for key, number, count, _ in profile.recording.exits:
                chunk, index = profile.at(key)
                if chunk is not None:
                    before = chunk.executed_before(index)
                    reason = exit_reason(number, chunk.opcode(index), chunk.opcode(before))
                    where = chunk.place(index), reason
                    counts[where] = counts.get(where, 0) + count
        ranked = sorted(counts.items(), key=lambda item: -item[1])
        if ranked:
            yield "Exits from compiled code to the interpreter, because an assumption failed"
            yield f"{'count':>10}  where and why"
        for (place, reason), count in ranked[: self._rows]:
            yield f"{count:>10}  {self._shown(place)}"
            yield f"{'':>10}  {reason}"
        yield from self._more(ranked)

    # -------------------------------------------------------------------- allocations

    def _allocations(self) -> Iterator[str]:
        sums: dict[tuple[Place, str], tuple[int, int]] = {}
        for profile in self._profiles:
            for key, number, count, size in profile.recording.allocations:
                chunk, index = profile.at(key)
                where = _OUTSIDE if chunk is None else chunk.place(index), kind_name(number)
                before = sums.get(where, (0, 0))
                sums[where] = before[0] + count, before[1] + size
        ranked = sorted(sums.items(), key=lambda item: -item[1][1])
        if ranked:
            count, size = (sum(item[part] for item in sums.values()) for part in (0, 1))
            yield f"Allocations: {count} of {_size(size)}"
            yield f"{'bytes':>10}{'count':>12}  what and where"
        for (place, kind), (count, size) in ranked[: self._rows]:
            yield f"{_size(size):>10}{count:>12}  {kind}  {self._shown(place)}"
        yield from self._more(ranked)

    # ------------------------------------------------------------------------- pieces

    def _time(self, seconds: float) -> str:
        whole = self._totals.all.seconds
        return f"{seconds:>9.3f}s {100 * seconds / whole if whole else 0.0:>5.1f}%"

    def _shown(self, place: Place) -> str:
        """A place with its line of the source."""
        source = self._sources.get(place.file)
        text = "" if source is None else source.line(place.line).strip()
        if len(text) > _LONGEST_LINE:
            text = text[: _LONGEST_LINE - 1] + "…"
        return f"{place}  {text}".rstrip()

    def _more(self, items: Sequence[object]) -> Iterator[str]:
        """Says how many rows were left out."""
        if len(items) > self._rows:
            yield f"{'…':>10}  {len(items) - self._rows} more"


def _ranked(items: Iterable[tuple[T, Total]]) -> list[tuple[T, Total]]:
    """The items in which time was spent, the most expensive first."""
    return sorted(items, key=lambda item: (-item[1].seconds, -item[1].inclusive))


def _share(total: Total) -> str:
    share = total.compiled_share
    return f"{'' if share is None else f'{100 * share:.0f}%':>8}"


def _plural(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def _size(count: int) -> str:
    """A number of bytes, rounded."""
    amount = float(count)
    for unit in ("B", "KB", "MB"):
        if amount < 1024:
            return f"{count} B" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1024
    return f"{amount:.1f} GB"
