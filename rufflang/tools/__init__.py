"""Programs for people who work on this package or its documentation."""
