"""What a stranger, a broken keyboard or a cat on the phone can put into a field."""

from __future__ import annotations

from dataclasses import dataclass

MARK = "xq7z"  # in every text that could come alive: an element, attribute or header of this name must never exist


@dataclass(frozen=True)
class Hostile:
    """One thing to put into a field. `text` may be bytes that are no text at all; `never` must not be taken."""

    name: str
    text: str | bytes
    never: bool = False

    @property
    def raw(self) -> bytes:
        return self.text if isinstance(self.text, bytes) else self.text.encode()


def _breakouts() -> list[Hostile]:
    """Everything that could come alive in HTML, a template, a script, an address or a header."""
    return [
        Hostile("element", f"<{MARK} on{MARK}=1>{MARK}</{MARK}><script>{MARK}()</script>"),
        Hostile("out of an attribute", f"\" {MARK}=1 on{MARK}='{MARK}()' x=\"' {MARK}=2 x='"),
        Hostile("out of a textarea", f"</textarea></title></select></style></script><{MARK}>"),
        Hostile("half an element", f"<!--<{MARK} --!><svg/on{MARK}=1><img src=x on{MARK}=1 "),
        Hostile("an address", f"javascript:{MARK}()"),
        Hostile("another site", f"//{MARK}.example/\\{MARK}.example"),
        Hostile("template braces", "{{ " + f"'{MARK}'|upper" + " }}{% raw %}${7*7}#{7*7}<%= 7*7 %>"),
        Hostile("entities", f"&lt;{MARK}&gt; &#60;{MARK}&#62; &amp;quot;{MARK}"),
        Hostile("a header", f"{MARK}\r\nX-{MARK}: 1\r\nSet-Cookie: {MARK}=1\r\n\r\n<{MARK}>"),
        Hostile("a log line", f'{MARK}\n{{"level":"error","event":"{MARK}"}}\u2028\u2029\x85'),
    ]


def _injections() -> list[Hostile]:
    return [
        Hostile("sql", f"'; DROP TABLE entry; --{MARK}"),
        Hostile("sql or", "' OR '1'='1' UNION SELECT NULL,NULL--"),
        Hostile("like", "%_\\%[a-z]*?"),
        Hostile("formats", "%s%n%x{0.__class__}%(x)s\\x00\\u0000"),
        Hostile("a formula cell", f"=cmd|' /C {MARK}'!A0"),
        Hostile("another formula", f'@SUM(1+1)*HYPERLINK("http://{MARK}")'),
        Hostile("a path", "../../../../etc/passwd"),
        Hostile("a windows path", "..\\..\\con\\nul:%00.webp"),
        Hostile("json", '{"$ne": null, "__proto__": {"a": 1}}'),
    ]


def _unseen() -> list[Hostile]:
    """Characters nobody sees, or that turn what is seen around."""
    return [
        Hostile("right to left", f"{MARK}\u202e\u202d\u202a\u202b\u202cgm 001\u2066\u2067\u2068\u2069"),
        Hostile("zero width", f"{MARK}\u200b\u200c\u2060\ufeff\u00ad{MARK}"),
        Hostile("controls", f"{MARK}\x01\x08\x0b\x0c\x1b[31m\x7f\x9b31m"),
        Hostile("nul", f"{MARK}\x00{MARK}", never=True),
        Hostile("lone surrogate", b"\xed\xa0\x80" + MARK.encode() + b"\xed\xbf\xbf", never=True),
        Hostile("no utf-8", b"\xff\xfe\x80" + MARK.encode() + b"\xc0\xaf", never=True),
        Hostile("cut utf-8", MARK.encode() + b"\xf0\x9f\x98", never=True),
        Hostile("noncharacters", f"{MARK}\ufffe\uffff\U0010ffff"),
        Hostile("emoji", "👩🏽‍⚕️🏴󠁧󠁢󠁷󠁬󠁳󠁿𝒳𐍈 مرحبا नमस्ते"),
        Hostile("marks upon marks", "Z" + "\u0335\u0321" * 200),
        Hostile("white space alone", " \t\u00a0\u2003\u3000\n"),
    ]


def _numbers() -> list[Hostile]:
    texts = ("NaN", "Infinity", "-Infinity", "1e400", "1E-400", "-1", "0", "-0", "0x10", "1_000", "1,5", "+1", "1.")
    dates = ("2027-02-31", "31 February", "0000-00-00", "99999-12-31", "1-1-1", "25:61", "24:00", "11:40:59.9Z")
    huge = ("1" * 19, str(2**63), str(10**30), "9" * 5_000)
    other = ("１１：３５", "٣", "①", "½", "undefined", "null", "None", "true", "[]", "[object Object]")
    return [Hostile(t[:24], t) for t in (*texts, *dates, *huge, *other)]


def _sizes() -> list[Hostile]:
    return [
        Hostile("nothing", ""),
        Hostile("a very long word", MARK * 5_000),
        Hostile("very many lines", "\n" * 20_000 + MARK),
        Hostile("a megabyte", "x" * 1_000_000, never=True),
    ]


ALIVE = _breakouts()
HOSTILE = [*ALIVE, *_injections(), *_unseen(), *_numbers(), *_sizes()]
TEXT = f"<{MARK}>{MARK}&\"' {MARK}=1"  # short enough for the shortest field: what a page must show as words
