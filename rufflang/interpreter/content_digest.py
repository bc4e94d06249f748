"""What tells data from all other data, in every process: nobody can make something else that has the same digest.

Functions are known by it (`host.packing`), and what is kept between runs gets its name from it.
"""

from __future__ import annotations

try:
    # What `hashlib` would come to, without loading the other libraries that it knows.
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

DIGEST_WORDS = 2


def content_digest(data: bytes) -> bytes:
    """The digest of data."""
    return blake2b(data, digest_size=8 * DIGEST_WORDS).digest()
