"""Papers of the demo home: small PDFs that say what they are, kept as a manager would keep a scan."""

from __future__ import annotations

from medpwa.competency import paper_actions, papers
from medpwa.permits import Actor

_ODD = str.maketrans({"(": r"\(", ")": r"\)", "\\": r"\\", "’": "'", "–": "-", "…": "..."})


def keep(by: Actor, person_id: int, called: str, title: str, lines: tuple[str, ...]) -> int:
    """Keep a paper about somebody and return its id."""
    paper = papers.prepare(drawn(title, lines), f"{called}.pdf")
    return paper_actions.keep(by=by, person_id=person_id, paper=paper).id


def drawn(title: str, lines: tuple[str, ...]) -> bytes:
    """One page with a title, some lines and the note that it is invented."""
    text = ["BT /F1 20 Tf 60 760 Td 26 TL", f"({title.translate(_ODD)}) Tj T* /F1 12 Tf 18 TL T*"]
    text += [f"({line.translate(_ODD)}) Tj T*" for line in (*lines, "", "Invented for the demo home.")]
    content = "\n".join([*text, "ET"]).encode("latin-1", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = (len(objects) + 1, table, len(objects) + 1, len(data))
    rest = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return data + rest % end
