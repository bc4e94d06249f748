"""The error that ended a run, as the VM tells of it."""

from __future__ import annotations

from rufflang.bytecode.positions import unpack_position

# Type checkers take this for true; importing `typing` to say so would slow down programs that fail.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.host.machine import Machine
    from rufflang.source import Source
    from rufflang.syntax.spans import Span

FATAL_INTERRUPT, FATAL_MEMORY, FATAL_DEADLINE, FATAL_EXIT, FATAL_FUEL = 1, 2, 3, 4, 7


class MachineError:
    """An error that nothing in the program caught; the call stack is outermost first.

    `line`, `column` and `width` are 0 when unknown.  `source` is the file in which it happened; None stands
    for the program's own.  `subject` is the type of the value
    that the error is about, if there is one, and the names of what it has.  `origin` is where the error is in
    a module, if the import of that module failed because of it.
    """

    __slots__ = ("call_stack", "column", "kind", "line", "message", "origin", "source", "subject", "width")

    def __init__(
        self,
        message: str,
        position: int,
        source: Source | None,
        call_stack: list[str],
        kind: int,
        subject: tuple[str, ...] = (),
        origin: str | None = None,
    ) -> None:
        self.message = message
        self.source = source
        self.line, self.column, self.width = unpack_position(position)
        self.call_stack = call_stack
        self.kind = kind
        self.subject = subject
        self.origin = origin

    @property
    def span(self) -> Span | None:
        """Where it happened, as far as that is known."""
        from rufflang.syntax.spans import Span

        return Span(0, self.width, self.line, self.column) if self.line and self.column else None


def error_in_flight(machine: Machine) -> MachineError:
    """The error in flight."""
    functions, vm = machine.functions, machine.vm
    kind = functions.ruff_error_kind(vm)
    names: list[str] = []
    if kind not in (FATAL_INTERRUPT, FATAL_EXIT):
        for index in range(functions.ruff_error_stack_size(vm)):
            string = functions.ruff_error_stack_name(vm, index)
            names.append(functions.text(string) if string else "?")
    message = functions.text(functions.ruff_error_message(vm))
    if kind == FATAL_MEMORY:
        message = f"Memory limit of {_size_text(functions.ruff_memory_limit(vm))} exceeded"
    elif kind == FATAL_DEADLINE:
        message = machine.options.time_message
    elif kind == FATAL_FUEL:
        message = machine.options.fuel_message
    source = machine.chunks.source_of(functions.ruff_error_chunk(vm))
    position = functions.ruff_error_position(vm)
    described = functions.text(functions.ruff_error_subject(vm)) if kind == 0 else ""
    subject = tuple(described.split("\0")) if described else ()
    return MachineError(message, position, source, names, kind, subject, machine.origin_of(message))


def _size_text(size: int) -> str:
    """A number of bytes in the largest unit in which it is a whole number, as `--max-memory` takes it."""
    for unit in ("B", "KB", "MB"):
        if size % 1024:
            return f"{size}{unit}"
        size //= 1024
    return f"{size}GB"
