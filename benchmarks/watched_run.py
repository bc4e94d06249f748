"""The `rufflang` command, which at last says on standard error what the JIT took of the program's own time at once.

That is the longest that one request for code kept the program's thread busy, in milliseconds of the processor: unlike
a pause that the program sees, it does not depend on what else the machine is doing.
"""

from __future__ import annotations

import sys
from time import thread_time

from rufflang.cli import main
from rufflang.host.jit_link import JitLink

_answer = JitLink.on_request
_longest = 0.0


def _answer_watched(link: JitLink, number: int, index: int, frame: int | None) -> None:
    global _longest
    started = thread_time()
    _answer(link, number, index, frame)
    _longest = max(_longest, thread_time() - started)


if __name__ == "__main__":
    setattr(JitLink, "on_request", _answer_watched)  # noqa: B010
    code = main(sys.argv[1:])
    print(_longest * 1000.0, file=sys.stderr)
    sys.exit(code)
