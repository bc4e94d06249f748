"""The `rufflang` command.

Starting fast matters more here than anywhere: a subcommand's module, and with it everything that the
subcommand needs, is imported only when that subcommand is asked for.
"""

from __future__ import annotations

import _thread
import gc
import io
import os
import sys

from rufflang.cli.arguments import UsageError, parse_arguments

# Type checkers take this for true; importing `collections` would slow down every start.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rufflang.cli.arguments import Arguments, Command

__all__ = ["main"]

COMMAND_MODULES = {
    "run": "rufflang.cli.run_command",
    "check": "rufflang.cli.check_command",
    "test-run": "rufflang.cli.test_run_command",
    "disasm": "rufflang.cli.disasm_command",
    "jit": "rufflang.cli.jit_command",
    "profile": "rufflang.cli.profile_command",
}


_COLLECTION_THRESHOLD = 50_000
"""Objects that Python makes between two searches for garbage. Most programs are over before it has any."""


def main(words: Sequence[str] | None = None) -> int:
    """Run the command line `words` (default: the process's own) and return its exit code.

    Whatever goes wrong ends in a message on standard error, never in a Python traceback, unless the
    environment variable RUFFLANG_TRACEBACK asks for one.
    """
    _use_utf8_streams()
    if words is None:
        gc.set_threshold(_COLLECTION_THRESHOLD)
    try:
        code = _dispatch(list(sys.argv[1:] if words is None else words), is_of_process=words is None)
        sys.stdout.flush()
        if words is None:
            _end_at_once(code)
        return code
    except (Exception, KeyboardInterrupt) as problem:
        from rufflang.cli.endings import end_by

        return end_by(problem)


def _end_at_once(code: int) -> None:
    """Ends the process, unless something in it waits for Python's own end.

    To take everything apart takes Python longer than many programs run, and there is nobody left who would need that;
    threads that still run, such as a spawned block that does not stop, must not be met by it either.
    """
    # Who wants to do something at the end has imported that; importing it here would take longer than the question.
    atexit = sys.modules.get("atexit")
    if _thread._count() == 0 and (_is_watched() or (atexit is not None and atexit._ncallbacks())):
        return
    try:
        sys.stderr.flush()
    finally:
        os._exit(code)


def _is_watched() -> bool:
    """Whether a profiler, a debugger or an interactive session wants to go on after the end."""
    monitoring = getattr(sys, "monitoring", None)
    has_tools = monitoring is not None and any(map(monitoring.get_tool, range(6)))
    return bool(sys.getprofile() or sys.gettrace() or sys.flags.inspect or has_tools)


def _use_utf8_streams() -> None:
    """Programs print the same bytes whatever the locale says; a closed stream swallows them."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115 - open until the process ends
    for stream, errors in ((sys.stdin, "replace"), (sys.stdout, "replace"), (sys.stderr, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors=errors)


def _dispatch(words: list[str], is_of_process: bool) -> int:
    if not words or words[0] in ("--help", "-h", "help"):
        from rufflang.cli.help import overview

        return _told(overview(_load(name)[0] for name in COMMAND_MODULES))
    name, *rest = words
    if name in ("--version", "-V"):
        from rufflang import __version__

        return _told(f"rufflang {__version__}")
    if name not in COMMAND_MODULES:
        from rufflang.cli.help import unknown_command

        raise unknown_command(name)
    command, perform = _load(name)
    try:
        arguments = parse_arguments(command, rest)
        arguments.is_of_process = is_of_process
        if "--help" in arguments:
            from rufflang.cli.help import help_text

            return _told(help_text(command))
        return perform(arguments)
    except UsageError as error:
        from rufflang.cli.help import usage_failure

        raise usage_failure(str(error), command) from None


def _told(text: str) -> int:
    from rufflang.cli.failures import ExitCode

    print(text)
    return ExitCode.SUCCESS


def _load(name: str) -> tuple[Command, Callable[[Arguments], int]]:
    """The description of a subcommand and the function that performs it."""
    # As `importlib.import_module` would, which takes longer to import itself than most of these modules.
    module = __import__(COMMAND_MODULES[name], fromlist=["COMMAND"])
    return module.COMMAND, module.perform
