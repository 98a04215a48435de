"""A label's secret: its token, the address printed in its code, the picture of the code, a new typed code.

The token is made from the label key and the label's (uid, version) each time it is printed. The key lives outside the
database (`LABEL_KEY_FILE`), so that a stolen database prints nothing and a lost printout can be printed again.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from typing import Protocol

from medpwa import config
from medpwa.config import Settings
from medpwa.qr import code_of, code_svg  # noqa: F401 a label's address as a picture
from medpwa.residents import rules

TOKEN_BYTES = 20  # 160 bits


class Printable(Protocol):
    """What a token is made from."""

    uid: str
    version: int


def _settings(settings: Settings | None) -> Settings:
    if settings is not None:
        return settings
    from flask import current_app  # only here: everything else works without a request

    return current_app.config["SETTINGS"]


def label_key(settings: Settings | None = None) -> bytes:
    """The label key, made by the operating system's generator the first time it is needed."""
    return config.read_or_make(_settings(settings).label_key_file, lambda: os.urandom(32))


def label_token(label: Printable, settings: Settings | None = None) -> str:
    """The token of a label as printed: 32 letters of base32, the first 160 bits of HMAC-SHA-256(key, "uid:version")."""
    digest = hmac.digest(label_key(settings), f"{label.uid}:{label.version}".encode(), hashlib.sha256)
    return base64.b32encode(digest[:TOKEN_BYTES]).decode()


def label_url(label: Printable, settings: Settings | None = None) -> str:
    """The address in a label's code."""
    return address_of(_settings(settings).public_url, label_token(label, settings))


def address_of(public_url: str, token: str) -> str:
    """The address a token is printed as."""
    return f"{public_url}/r/{token}"


def new_short_code() -> str:
    """Six random letters and their check letter. Whether it is free is the database's business."""
    six = "".join(secrets.choice(rules.SHORT_ALPHABET) for _ in range(len(rules.SHORT_WEIGHTS)))
    return six + rules.check_letter(six)
