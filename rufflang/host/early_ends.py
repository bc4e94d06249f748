"""The outcome of a program that did not come to its end: an error, `exit`, an interruption, or no time left."""

from __future__ import annotations

from rufflang.host.machine import Machine
from rufflang.host.machine_errors import FATAL_DEADLINE, FATAL_EXIT, FATAL_INTERRUPT, MachineError
from rufflang.host.running import Outcome

EXIT_ERROR = 4


def end_by_error(machine: Machine) -> Outcome:
    """The outcome when an error is in flight at the end, which may only stand for `exit`.

    Raises KeyboardInterrupt when the program was interrupted.
    """
    error = machine.error()
    if error.kind == FATAL_EXIT:
        return Outcome(machine.functions.ruff_exit_code(machine.vm), called_exit=True)
    if error.kind == FATAL_INTERRUPT:
        exit_code = _exit_code_of_blocks(machine)
        if exit_code is None:
            raise KeyboardInterrupt
        return Outcome(exit_code, called_exit=True)
    return Outcome(EXIT_ERROR, error)


def end_by_time(machine: Machine) -> Outcome:
    """The outcome of a program whose thread is still busy although its time is over."""
    failure = MachineError(machine.options.time_message, 0, None, [], FATAL_DEADLINE)
    return Outcome(EXIT_ERROR, failure, is_abandoned=True)


def end_by_block(machine: Machine) -> Outcome:
    """The outcome of a program that a block has ended while its main part hangs."""
    return Outcome(_exit_code_of_blocks(machine) or 0, called_exit=True)


def _exit_code_of_blocks(machine: Machine) -> int | None:
    """The exit code with which a spawned block has ended the program."""
    return None if machine.blocks is None else machine.blocks.exit_code
