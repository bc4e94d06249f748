"""Writing into the cache, where several processes may do so at the same time."""

from __future__ import annotations

import os


def write_file(place: str, data: bytes) -> bool:
    """Puts a file into the cache all at once; False when that is not possible."""
    temporary = f"{place}.{os.getpid()}.tmp"
    try:
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(temporary, "wb") as file:
            file.write(data)
        os.replace(temporary, place)
    except OSError:
        return False
    return True
