"""Evidence files: judged by content and size, kept once, shown only to who may see them."""

import io

import pytest
from PIL import Image

from medpwa import ledger
from medpwa.competency import paper_actions, paper_rules, papers
from medpwa.competency.models import EvidenceFile
from medpwa.errors import Invalid, NotFound, NotPermitted
from tests.competency.papers_made import LIARS, PDF
from tests.residents.test_photos import HIDDEN, picture


def keep(world, data: bytes = PDF, name: str = "letter.pdf", by: str = "rosa", about: str = "ben") -> EvidenceFile:
    paper = papers.prepare(data, name)
    return paper_actions.keep(by=world.actor(by), person_id=world.person_id(about), paper=paper)


@pytest.mark.parametrize("what", LIARS)
def test_a_file_that_is_not_what_it_says_is_refused_in_a_sentence(what):
    data, sentence = LIARS[what]
    with pytest.raises(Invalid) as no:
        papers.prepare(data, "certificate.pdf")
    ((field, words),) = no.value.errors
    assert field == "paper" and sentence in words and words.endswith(".")


def test_a_picture_with_too_many_pixels_is_refused_before_it_is_unpacked():
    out = io.BytesIO()
    Image.new("1", (6000, 6000)).save(out, "PNG")  # a few kilobytes that unpack to 36 million pixels
    assert len(out.getvalue()) < 100_000
    with pytest.raises(Invalid) as no:
        papers.prepare(out.getvalue(), "scan.png")
    assert "too many pixels" in str(no.value)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photographed_paper_keeps_nothing_but_its_pixels(kind):
    hidden = {"exif": _exif()} if kind != "PNG" else {}
    made = papers.prepare(picture(kind, size=(2400, 1200), **hidden), "page.jpg")
    seen = Image.open(io.BytesIO(made.content))
    assert (made.kind, seen.format, seen.size) == ("webp", "WEBP", (2000, 1000))
    assert HIDDEN not in made.content and not seen.getexif()


def _exif() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = HIDDEN.decode()
    return exif.tobytes()


def test_a_pdf_is_kept_byte_by_byte_whatever_its_name_says():
    made = papers.prepare(PDF, "C:\\letters\\Insulin <b>.exe")
    assert (made.kind, made.content, made.name) == ("pdf", PDF, "Insulin b")


@pytest.mark.parametrize(
    ("called", "name"),
    [("", "paper"), ("../../etc/passwd", "passwd"), ("...", "paper"), ("a.b.pdf", "a.b"), ("\x00\r\nx.pdf", "x"),
     ("n" * 400 + ".pdf", "n" * 120)],
)  # fmt: skip
def test_a_name_is_only_words(called, name):
    assert paper_rules.file_name(called) == name


def test_a_paper_is_kept_once_with_its_line(world):
    row, again = keep(world), keep(world, name="the same, renamed.pdf")
    assert again.id == row.id and EvidenceFile.select().count() == 1
    line = ledger.history(world.actor("rosa").chain_id, f"person:{world.person_id('ben')}")[0]
    assert (line.verb, line.rows[0][:2]) == ("papers.keep", ["evidence_file", row.id])
    assert ledger.verify() == []


def test_only_who_leads_a_shift_keeps_papers(world):
    for name in ("amina", "quinn", "nia"):
        with pytest.raises(NotPermitted):
            keep(world, by=name)
    assert EvidenceFile.select().count() == 0


def test_another_homes_paper_does_not_exist_here(world):
    row = keep(world)
    far = world.home("far").id
    assert papers.facts_of(far, row.id) is None
    assert papers.facts_of(world.home().id, row.id).words == "letter, PDF, 1\u00a0kB"
    with pytest.raises(NotFound):
        papers.content_of(far, row.id)
    for number in (None, 0, -1, 2**40):
        assert papers.facts_of(world.home().id, number) is None


# ---------------------------------------------------------------- handed out


def test_a_paper_is_handed_out_as_a_file_that_runs_nothing(browser, world):
    row = keep(world, name="Brief für Ben.pdf")
    rosa = browser.sign_in("rosa")
    rosa.get(f"/h/rowan/papers/{row.id}", lint=False)
    answer = rosa.response
    assert answer.data == PDF and answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
    assert "Content-Encoding" not in answer.headers


def test_a_paper_is_shown_to_who_leads_or_oversees_and_to_nobody_elsewhere(browser, world):
    row = keep(world)
    for name in ("sena", "tolu", "dee", "quinn", "nia"):
        browser.sign_in(name).get(f"/h/rowan/papers/{row.id}", lint=False)
    for name in ("ben", "amina", "nell"):  # no page of Ben's own names it yet
        browser.sign_in(name).get(f"/h/rowan/papers/{row.id}", status=404)
    browser.sign_in("nell").get(f"/h/far/papers/{row.id}", status=404)
    browser.sign_in("nia").get(f"/h/elm/papers/{row.id}", status=404)
