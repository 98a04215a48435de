"""What a file of evidence really is, by its content: a PDF or a picture, and why anything else is not kept. Pure."""

from __future__ import annotations

from medpwa.residents import rules as pictures

LARGEST_PAPER = 5 * 1024 * 1024  # bytes
LONGEST_FILE_NAME = 120
PICTURES = frozenset({"jpeg", "png", "webp"})
_TAIL = 1024  # how far from the end a reader of PDFs looks for its last mark
_PACKED = (b"PK\x03\x04", b"PK\x05\x06", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_PACKED_END = b"PK\x05\x06"
_FURTHEST_PACKED_END = 66_000

NOTHING_IN_IT = "The file is empty. Choose it again, or photograph the paper."
TOO_LARGE = "The file is larger than 5 MB. Choose a smaller one, or photograph the paper."
PACKED = "This is a packed folder or an office document. Save it as a PDF, or photograph the paper."
WEB_PAGE = "This is a web page or a drawing, which could carry a program. Print it as a PDF, or photograph the paper."
HALF_A_PDF = "The PDF is cut off or damaged: it cannot be opened. Save it again and choose the new file."
HEIC = "This is a HEIC picture, which cannot be read here. Save it as JPEG or PDF."
SOMETHING_ELSE = "This file is not a PDF or a picture, whatever its name says. Choose a PDF, JPEG, PNG or WebP file."


def judge(data: bytes) -> tuple[str, str]:
    """(kind, fault) of a file: its kind where it may be kept, else the sentence that says why not. Its name and what
    the browser called it are never asked."""
    if not data:
        return "", NOTHING_IN_IT
    if len(data) > LARGEST_PAPER:
        return "", TOO_LARGE
    if data.startswith(_PACKED):
        return "", PACKED
    if data.startswith(b"%PDF-"):
        return _judge_pdf(data)
    return _judge_picture(data)


def _judge_pdf(data: bytes) -> tuple[str, str]:
    """A PDF begins and ends as one; one that is a packed folder at the same time is neither."""
    if not data[5:8].startswith((b"1.", b"2.")) or b"%%EOF" not in data[-_TAIL:] or b"startxref" not in data:
        return "", HALF_A_PDF
    return ("", PACKED) if _PACKED_END in data[-_FURTHEST_PACKED_END:] else ("pdf", "")


def _judge_picture(data: bytes) -> tuple[str, str]:
    kind = pictures.photo_kind(data[:16])
    if kind in PICTURES:
        return kind, ""
    if kind == "heic":
        return "", HEIC
    return "", WEB_PAGE if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" else SOMETHING_ELSE


def file_name(called: str) -> str:
    """What the person called a file, without a path and its ending, short enough to read."""
    last = called.replace("\\", "/").rpartition("/")[2]
    plain = "".join(letter for letter in last if letter.isprintable() and letter not in '"<>|:*?').strip(" .")
    stem, dot, ending = plain.rpartition(".")
    return ((stem if dot and len(ending) <= 5 else plain).strip(" .") or "paper")[:LONGEST_FILE_NAME]


def size_words(size: int) -> str:
    """How large a file is, in words: `213 kB`, `1.4 MB`."""
    return f"{size / 1_000_000:.1f}\u00a0MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))}\u00a0kB"
