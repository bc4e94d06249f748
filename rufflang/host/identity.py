"""What a function is, in whatever program and process: a digest that nobody can make another function have."""

from __future__ import annotations

try:
    # What `hashlib` would come to, without loading the other libraries that it knows.
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

IDENTITY_WORDS = 2


def digest_of(content: bytes) -> bytes:
    """The identity of a function with this content."""
    return blake2b(content, digest_size=8 * IDENTITY_WORDS).digest()
