"""Second thoughts about an error: what its author probably meant.

This is asked only when a program has failed and nothing has caught the error, so it may take its
time, read the program once more and import what it likes.  `running.advise` is about runtime
errors, `parsing.notes_on` about programs that do not parse.
"""
