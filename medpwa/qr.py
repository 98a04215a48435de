"""The picture of an address as a QR code, black on white whatever the colours of the page."""

from __future__ import annotations

import io

import qrcode
from markupsafe import Markup, escape
from qrcode.image.svg import SvgPathFillImage


def code_of(address: str) -> qrcode.QRCode:
    """An address as a QR code with its quiet zone; a quarter of it may be worn off (level Q). A label token's capitals
    pack tighter than the rest, so its code stays coarse enough to read at arm's length."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_Q, border=4, image_factory=SvgPathFillImage)
    code.add_data(address)
    code.make(fit=True)
    return code


def code_svg(address: str) -> bytes:
    """The picture of an address as a QR code, black on white."""
    out = io.BytesIO()
    code_of(address).make_image().save(out)
    return out.getvalue()


def inline_svg(address: str, words: str) -> Markup:
    """The same inside a page, for an address that is shown once and has no picture of its own; `words` name it."""
    svg = code_svg(address).decode()
    svg = svg[svg.index("<svg") :].replace("<svg ", f'<svg class="qr" role="img" aria-label="{escape(words)}" ', 1)
    return Markup(svg)  # our own drawing: nothing in it was typed but the words, which are escaped
