"""What compiled code says in `VM.departure` when it leaves for the interpreter: where that goes on, and why.

The fields of that word are the code word to go on at, a cache word in which something is to be noted, and the reason.
`VM.departure_detail` has what belongs to a reason.  Where an error leaves, there is only the code word that raised it.
`jit.translator` writes both, `tiering` reads them.
"""

from __future__ import annotations

DEPARTURE_INDEX = 32
DEPARTURE_PLACE = 8
DEPARTURE_PLACES = (1 << DEPARTURE_INDEX - DEPARTURE_PLACE) - 1
DEPARTURE_REASON = (1 << DEPARTURE_PLACE) - 1

FOR_NO_FAULT = 0  # nothing has failed: the interpreter has something to do
FAILED = 1  # a speculation, before an instruction
OTHER_KIND = 2  # the instruction before has given a value of an unexpected kind; the detail is its tag
NOTED = 3  # as FAILED; the detail is bits for the cache word at the place, which say what it was about
