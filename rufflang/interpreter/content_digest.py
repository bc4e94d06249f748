"""Names for what is kept between runs, made from what it is."""

from __future__ import annotations

try:
    # What `hashlib` would come to, without loading the other libraries that it knows.
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b


def content_digest(data: bytes) -> str:
    """A name for data that it has in every process."""
    return blake2b(data, digest_size=16).hexdigest()
