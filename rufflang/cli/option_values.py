"""The values of options: numbers, seconds, sizes.  Wrong ones raise UsageError."""

from __future__ import annotations

from rufflang.cli.arguments import UsageError

_KIB, _MIB, _GIB = 1 << 10, 1 << 20, 1 << 30
_SIZE_UNITS = {"": 1, "B": 1, "K": _KIB, "KB": _KIB, "M": _MIB, "MB": _MIB, "G": _GIB, "GB": _GIB}


def whole_number(name: str, text: str, minimum: int) -> int:
    """The value of option `name` as an int of at least `minimum`."""
    if not _is_plain_number(text) or int(text) < minimum:
        raise UsageError(f"invalid value '{text}' for '{name}': expected a whole number from {minimum} up")
    return int(text)


def seconds(name: str, text: str) -> float:
    """The value of option `name` as a number of seconds (`2`, `0.5`)."""
    whole, _, fraction = text.partition(".")
    is_number = _is_plain_number(whole or "0") and _is_plain_number(fraction or "0") and text != "."
    if not is_number or float(text) == 0.0:
        raise UsageError(f"invalid value '{text}' for '{name}': expected seconds such as 2 or 0.5")
    return float(text)


def size(name: str, text: str) -> int:
    """The value of option `name` as a number of bytes (`64MB`, `512KB`, `1G`)."""
    digits = text.rstrip("BKMGbkmg")
    unit = text[len(digits) :].upper()
    if not _is_plain_number(digits) or unit not in _SIZE_UNITS or int(digits) == 0:
        raise UsageError(f"invalid value '{text}' for '{name}': expected a size such as 64MB")
    return int(digits) * _SIZE_UNITS[unit]


def _is_plain_number(text: str) -> bool:
    # Nothing that is counted here has more digits than an int64; Python refuses to read thousands of them.
    return text.isascii() and text.isdigit() and len(text) <= 18
