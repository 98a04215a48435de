"""Files people upload as evidence: good ones, and ones that lie."""

from __future__ import annotations

import io
import zipfile

from tests.residents.test_photos import picture

PDF = b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\nxref\n0 1\ntrailer <</Root 1 0 R>>\nstartxref\n52\n%%EOF\n"


def packed() -> bytes:
    """An office document is a packed folder."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as folder:
        folder.writestr("word/document.xml", "<w/>")
    return out.getvalue()


def sent(data: bytes, name: str = "Insulin letter.pdf", kind: str = "application/pdf") -> tuple:
    """As a browser sends a file; the name and the kind are the sender's word."""
    return io.BytesIO(data), name, kind


LIARS: dict[str, tuple[bytes, str]] = {
    "nothing at all": (b"", "empty"),
    "a page of the web": (b"<!doctype html><script>alert(1)</script>", "web page"),
    "a drawing with a program": (b"\xef\xbb\xbf <svg xmlns='http://www.w3.org/2000/svg'/>", "web page"),
    "an archive": (packed(), "packed folder"),
    "a PDF and an archive at once": (PDF[:-6] + packed() + b"\n%%EOF\n", "packed folder"),
    "a compressed file": (b"\x1f\x8b\x08\x00" + b"0" * 60, "packed folder"),
    "half a PDF": (PDF[:60], "cut off or damaged"),
    "a PDF only by its first word": (b"%PDF-evil\nstartxref\n%%EOF", "cut off or damaged"),
    "a PDF after a page of the web": (b"<html>" + PDF, "web page"),
    "a program": (b"MZ\x90\x00" + b"\x00" * 100, "not a PDF or a picture"),
    "a moving picture": (b"GIF89a" + b"\x00" * 60, "not a PDF or a picture"),
    "a picture of another kind": (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 60, "HEIC"),
    "half a picture": (picture("PNG")[:3000], "damaged"),
    "a picture only by its first bytes": (b"\xff\xd8\xff\xe0" + b"<script>" * 40, "damaged"),
    "a picture nobody can read": (picture("JPEG", size=(40, 40)), "too small"),
    "too many bytes": (PDF + b"\x00" * (5 * 1024 * 1024), "larger than 5 MB"),
}
