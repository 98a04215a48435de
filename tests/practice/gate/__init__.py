"""Random histories of who may give what, and what must come of each dose."""
