"""The built-ins of the reference evaluator, one module for each area.

Importing an area registers its functions; `PRELUDE` is the result.
"""

from rufflang.reference.builtins import (  # noqa: F401 - imported for what they register
    arrays,
    assertions,
    collections,
    containers,
    conversion,
    core,
    dicts,
    higher_order,
    iterators,
    numbers,
    promises,
    sharing,
    strings,
)
from rufflang.reference.builtins.registry import PRELUDE

__all__ = ["PRELUDE"]
