"""Proofs of standing beside somebody: who proved it, when, for which doses of one resident, signed by the server. They
are not stored: a form carries them along as it does Ready tickets, and what is recorded under one names who it was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from medpwa import clock
from medpwa.mar.tickets import DoseKey, parse_key
from medpwa.mar.witness_rules import Witnessed
from medpwa.permits import Actor

LONGEST = 2_000
KEPT_FOR = dt.timedelta(minutes=30)  # a proof past its ten minutes is carried on, so that the answer can say so


@dataclass(frozen=True, slots=True)
class Proof:
    """Somebody proved to stand beside a giver for some doses of one resident."""

    giver: int
    home_id: int
    resident_id: int
    keys: frozenset[DoseKey]
    beside: Witnessed


def issue(proof: Proof) -> str:
    """The signed text of a proof."""
    keys = sorted(str(k) for k in proof.keys)
    said = [proof.giver, proof.home_id, proof.resident_id, keys, proof.beside.person_id, clock.micros(proof.beside.at)]
    return _signer(current_app.config["SECRET_KEY"]).dumps(said)


def read(text: str) -> Proof | None:
    """The proof a form carries, or None when it is not one of ours."""
    return _read(current_app.config["SECRET_KEY"], text[:LONGEST])


def texts_of(who: Actor, resident_id: int, kept: Iterable[str], at: dt.datetime) -> tuple[str, ...]:
    """The proofs among what a form carried that are this giver's, for this resident, and not long past."""
    return tuple(dict.fromkeys(text for text in kept if _fits(read(text), who, resident_id, at)))


def beside_for(
    who: Actor, key: DoseKey, kept: Iterable[str], at: dt.datetime | None = None
) -> Witnessed | None:
    """Who proved to stand beside this giver for this dose, by what a form carried; the newest of several. Whether that
    still holds is judged where the dose is."""
    at = at or clock.now()
    found = (proof for text in kept if (proof := read(text)) is not None and _is_theirs(proof, who, at))
    return max((p.beside for p in found if key in p.keys), key=lambda b: b.at, default=None)


def _fits(proof: Proof | None, who: Actor, resident_id: int, at: dt.datetime) -> bool:
    return proof is not None and proof.resident_id == resident_id and _is_theirs(proof, who, at)


def _is_theirs(proof: Proof, who: Actor, at: dt.datetime) -> bool:
    return (proof.giver, proof.home_id) == (who.person_id, who.home_id) and at - proof.beside.at <= KEPT_FOR


@lru_cache(maxsize=1_024)
def _read(secret: str, text: str) -> Proof | None:
    try:
        giver, home_id, resident_id, keys, person_id, at = _signer(secret).loads(text)
        found = frozenset(parse_key(str(k)) for k in keys)
        beside = Witnessed(int(person_id), clock.from_micros(at))
    except (BadSignature, ValueError, TypeError, OverflowError):
        return None
    return None if None in found else Proof(giver, home_id, resident_id, found, beside)


@lru_cache(maxsize=4)
def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="beside")
