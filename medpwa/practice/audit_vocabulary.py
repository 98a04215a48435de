"""What the quarterly audit asks of the record, in the order in which it is read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Test:
    """One question: what a list calls it, what is counted of what, and the finding it suggests where it fails."""

    name: str
    counted: str
    finding: str


GAVE = "gave"
TESTS: dict[str, Test] = {
    GAVE: Test(
        "Every dose was given by somebody signed off for it",
        "doses given by somebody not signed off, of doses whose order asks for a sign-off and that nobody supervised",
        "Doses were given by somebody not signed off: see how the home had nobody else, and close that hole",
    ),
    "paused": Test(
        "Nobody gave while their sign-off was paused",
        "doses given while the sign-off for them was paused, of all doses given",
        "Doses were given while a sign-off was paused: see how the pause was passed on",
    ),
    "assessor": Test(
        "Whoever signed was in date for the skill when signing",
        "sign-offs whose assessor was not, of those used in the quarter that rest on an assessment",
        "Sign-offs were given by an assessor not in date: assess again with another",
    ),
    "rounds": Test(
        "The observed rounds are on file",
        "assessments without all their rounds passed and signed by both, of those that sign-offs used in the quarter "
        "rest on",
        "Observed rounds are missing: complete them, or supervise until they are",
    ),
    "evidence": Test(
        "Each sign-off rests on something kept",
        "sign-offs that rest on nothing kept, or on a delegation past its review, of those used in the quarter",
        "Sign-offs rest on nothing kept: find the papers, or assess",
    ),
    "agency": Test(
        "Agency staff were inducted, with their agency’s paper in date",
        "agency staff without, of agency staff who gave",
        "Agency staff gave without an induction or a paper in date: see how they came onto the round",
    ),
    "glass": Test(
        "Each exception for one round was looked at by a manager",
        "exceptions nobody has looked at, of exceptions made in the quarter",
        "Exceptions were made that no manager has looked at: look at each",
    ),
    "supervision": Test(
        "Everybody who gave had a talk in the last 8 weeks",
        "people without, of those who gave and still work here",
        "Talks are overdue: book them",
    ),
    "reach": Test(
        "Rounds were observed at night and at weekends too",
        "parts of the week without an observed round, of those in which doses were given",
        "No round was observed in a part of the week: arrange one there",
    ),
}
NOT_YET = (
    "Spot checks on the floor and what was learned from incidents are no part of this audit yet: the home keeps them "
    "outside Steady."
)
FINDING_DAYS = 14  # proposed until a finding is seen to
LONGEST_WORDS = 2000
LONGEST_FINDING = 500
