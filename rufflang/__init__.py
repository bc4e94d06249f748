"""The Ruff scripting language as a Python package.

Importing this package loads nothing but the version, so that the command line starts fast; each
part is imported from its own subpackage when it is needed.
"""

__version__ = "0.1.0"

__all__ = ["__version__"]
