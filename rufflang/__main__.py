"""`python -m rufflang`: the same command as the installed `rufflang` script."""

import sys

from rufflang.cli import main

if __name__ == "__main__":
    sys.exit(main())
