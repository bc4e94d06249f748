"""A name for a compiled unit that it has in every process."""

from __future__ import annotations

try:
    # What `hashlib` would come to, without loading the other libraries that it knows.
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b


def unit_digest(words: bytes) -> str:
    """The name of the unit that is these words."""
    return blake2b(words, digest_size=16).hexdigest()
