"""Hostile text in every field of every form."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from tests.attack.forms import Form, kinds, send
from tests.attack.hostile import ALIVE, HOSTILE, TEXT, Hostile
from tests.attack.siege import Pairs, Siege
from tests.house.permit_matrix import BASE, FROM_US, address, fill, routes

# Fields that come several times by design. Any other that is taken twice would be guessed at.
SEVERAL = frozenset({"keep", "people", "places", "time", "instruction", "flag", "skill", "sure", "kind"})
SEVERAL |= {"told", "steps", "roles", "retired"}
# Fields a page does not read as they stand: times of a named shift, a name that is there for the password keeper.
# A password manager reads the names beside new passwords, we do not; a lock that is open asks for nothing.
UNREAD = frozenset({"quick_times", "from", "until", "/password username", "/sign-in/link/<link> username"})
UNREAD |= {f"/h/<home>/residents/<int:resident_id>/{way}/proven username" for way in ("card", "prn/<int:prn_id>")}
UNREAD |= {"/h/<home>/observations/<int:observation_number>/sign-here username"}  # for a manager of passwords alone
UNREAD |= {"/unlock password", "/unlock pin"}


def attack(siege: Siege, forms: list[Form], a_field: int | None = None) -> None:
    """Each field of each form with hostile values (`a_field` of them in turn, or all), twice, and left out."""
    turn = itertools.cycle(HOSTILE)
    for form in forms:
        siege.tally.forms += 1
        for name in kinds(form):
            siege.tally.fields += 1
            for hostile in HOSTILE if a_field is None else list(itertools.islice(turn, a_field)):
                one(siege, form, name, hostile)
            twice(siege, form, name)
            send(siege, form, form.without(name), label=f"{form} without {name}")
        if form.method == "POST":
            send(siege, form, [], label=f"{form} empty")
        if form.file:
            files(siege, form)


def one(siege: Siege, form: Form, name: str, hostile: Hostile) -> None:
    """One hostile value in one field; where it is taken, every page that follows is judged too."""
    label, look = f"{form}: {name} = {hostile.name}", (form.page,) if hostile in ALIVE else ()
    answer, _ = send(siege, form, form.with_field(name, hostile.raw), look=look, label=label)
    free = form.method == "GET" or form.file or unread(form, name)
    if hostile.never and answer.status_code < 400 and not free:
        siege.tally.faults.append(f"{label}: was taken ({answer.status_code})")


def unread(form: Form, name: str) -> bool:
    """Whether nobody looks at a field."""
    return name in UNREAD or f"{form.rule} {name}" in UNREAD


def twice(siege: Siege, form: Form, name: str) -> None:
    """A field that may come once is refused when it comes twice: nobody knows which one was meant."""
    if form.method == "GET" or form.file:
        return
    said = [p for p in form.pairs if p[0] == name] or [(name, "x")]
    pairs = [*[p for p in form.pairs if p[0] != name], *said, said[0]]
    answer, changed = send(siege, form, pairs, label=f"{form}: {name} twice")
    if answer.status_code < 400 and name not in SEVERAL and not unread(form, name):
        siege.tally.faults.append(f"{form}: {name} came twice and was taken ({answer.status_code}, {sorted(changed)})")


def files(siege: Siege, form: Form) -> None:
    """What is no photo, under names that are no names."""
    for content, name, kind in FILES:
        answer, _ = send(siege, form, file=(content, name, kind), label=f"{form}: a file {name[:30]!r} {kind}")
        if answer.status_code < 400 and not (name == "" and form.rule in WITHOUT_PHOTO):
            siege.tally.faults.append(f"{form}: took a file that is no photo: {name!r}")


WITHOUT_PHOTO = (  # a photo may come later, a paper need not
    "/h/<home>/residents/new",
    "/h/<home>/competency/<int:person_id>/attest",
    "/h/<home>/training/people/<int:person_id>/new",
)
FILES = [
    (b"", "", ""),
    (b"<svg xmlns='http://www.w3.org/2000/svg' onload='xq7z()'/>", "xq7z.svg", "image/svg+xml"),
    (b"<html><xq7z>", "face.webp", "image/webp"),
    (b"\x89PNG\r\n\x1a\n" + b"\x00" * 2_000, "../../etc/xq7z.png", "image/png"),
    (b"GIF89a" + b"\xff" * 500, 'xq7z";x="1.gif', "image/gif"),
    (b"\xff\xd8\xff\xe0" + b"A" * 5_900_000, "large.jpg", "image/jpeg"),
    (b"\xff\xd8\xff\xe0" + b"A" * 6_400_000, "too-large.jpg", "text/html; charset=\xff"),
]


# ---------------------------------------------------------------- stored, and shown everywhere


def sweep(siege: Siege, forms: list[Form], *, each: bool) -> int:
    """Store words that would come alive in every field that takes them, then open every page (after each form, or once
    at the end). How many forms took them."""
    taken = 0
    for form in forms:
        if form.method == "GET" or form.file or form.rule in ENDS_THE_VISIT:
            continue
        if _stored(siege, form):
            taken += 1
            if each:
                _open_everything(siege, f"after {form}")
                siege.put_back()
    _open_everything(siege, "after all forms")
    siege.put_back()
    return taken


ENDS_THE_VISIT = ("/sign-out", "/sign-in", "/password")


def _stored(siege: Siege, form: Form) -> bool:
    """Whether the form was taken with words that would come alive in at least one of its fields."""
    client = siege.visitors[form.who].client
    for pairs in _with_words(form):
        whole = [*[p for p in pairs if p[0] != "csrf_token"], ("csrf_token", siege.token(form.who))]
        answer = client.post(form.path, data=_multi(whole), base_url=BASE, headers=FROM_US)
        siege.tally.posts += 1
        siege.judge(answer, f"{form} with words that would come alive")
        if answer.status_code < 400:
            return True
    return False


def _with_words(form: Form) -> Iterator[Pairs]:
    """The form with the words in all its free fields, and in each alone."""
    free = [n for n in kinds(form) if n in FREE or dict(form.pairs).get(n, "") in ("", WORDS_OF_FORMS)]
    if free:
        yield [(n, TEXT if n in free else v) for n, v in form.pairs]
        for name in free:
            yield form.with_field(name, TEXT)


WORDS_OF_FORMS = "Something said in plain words"
FREE = frozenset({"note", "reason", "words", "why", "who_knew", "given_name", "family_name", "preferred_name", "likes"})


def _multi(pairs: Pairs):
    from werkzeug.datastructures import MultiDict

    return MultiDict(pairs)


def _open_everything(siege: Siege, label: str) -> None:
    for who in ("rosa", "amina"):
        for route in routes():
            if route.method != "GET" or route.rule in ("/r/<token>", "/sw.js"):
                continue
            for path in dict.fromkeys(fill(address(route), "rowan", ids) for ids in siege.many_ids(who, route)):
                answer = siege.visitors[who].client.get(path, base_url=BASE, headers=FROM_US)
                siege.judge(answer, f"{path} by {who} {label}")
                siege.shown += TEXT_SHOWN in answer.get_data()


TEXT_SHOWN = b"&lt;xq7z&gt;"
