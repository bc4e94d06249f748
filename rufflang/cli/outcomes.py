"""How programs end, as the commands see it, whichever engine runs them."""

from __future__ import annotations

from rufflang.source import Source

# Type checkers take this for true; importing `typing` to say so would slow down every first run.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from rufflang.advice.running import Failure
else:
    Protocol = object

    class Failure: ...


class ErrorReport(Failure, Protocol):
    """An error that nothing in the program caught. `line` and `column` are 0 when unknown."""

    @property
    def source(self) -> Source | None:
        """The file in which it happened; None stands for the program's own."""

    @property
    def call_stack(self) -> list[str]:
        """Names of the functions active at the raise, outermost first."""


class Outcome(Protocol):
    """How a program ended."""

    @property
    def exit_code(self) -> int: ...
    @property
    def error(self) -> ErrorReport | None: ...
    @property
    def called_exit(self) -> bool: ...
    @property
    def is_abandoned(self) -> bool:
        """Whether a thread may still be busy with it, for which an ordinary exit would wait."""
