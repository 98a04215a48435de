"""Structured logs: one JSON object a line, ids and routes only, never a name, an address or a form's content."""

from __future__ import annotations

import json
import logging
import sys
import traceback

from medpwa import clock

# The only extra fields that may appear; anything else a call passes is dropped.
ALLOWED = ("id", "method", "page", "status", "ms", "job", "attempt", "count", "home")


class JsonLines(logging.Formatter):
    """Formats a record as JSON. Exceptions keep their type and places in our code, not their message: a message may
    quote what somebody typed."""

    def format(self, record: logging.LogRecord) -> str:
        line = {"at": clock.now().isoformat(timespec="milliseconds"), "level": record.levelname.lower()}
        line |= {"log": record.name, "event": record.msg if not record.args else record.getMessage()}
        line |= {k: getattr(record, k) for k in ALLOWED if hasattr(record, k)}
        if record.exc_info and record.exc_info[0]:
            line["fault"] = record.exc_info[0].__name__
            places = traceback.extract_tb(record.exc_info[2])
            line["places"] = [f"{p.filename.rsplit('/', 1)[-1]}:{p.lineno}" for p in places]
        return json.dumps(line, default=str)


def configure() -> None:
    """Send our logs to standard error as JSON lines, requests at `info` only when asked for (STEADY_LOG=info)."""
    import os

    level = os.environ.get("STEADY_LOG", "warning").upper()
    out = logging.StreamHandler(sys.stderr)
    out.setFormatter(JsonLines())
    for name in ("steady", "medpwa"):  # ours, and Flask's own for this application
        logger = logging.getLogger(name)
        logger.handlers[:] = [out]
        logger.setLevel(level if level in ("DEBUG", "INFO", "WARNING", "ERROR") else "WARNING")
        logger.propagate = False
