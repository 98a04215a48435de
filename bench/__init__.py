"""Measures the paths of the round beside a ceiling: the least that any Flask application could do for the same."""
