"""Writes the reports in all snapshots as they are now: `python -m tests.errors`."""

from tests.errors.snapshots_file import FOLDER, update

for path in sorted(FOLDER.glob("*.txt")):
    update(path)
