"""Steady: medicines in care homes, recorded as they happen."""
