"""Words of the desk: what counts as after the fact, and what each page is called where it says who opened it."""

from __future__ import annotations

AFTER_THE_FACT: tuple[str, ...] = ("mar.report_given",)
STEADY = "Steady, the product itself"

# The route of a page: what somebody looked at, in words that follow "opened". A test holds it against all routes.
PAGE_WORDS: dict[str, str] = {
    "/": "their start page",
    "/me": "their own page",
    "/password": "the form for a new password of their own",
    "/pin": "the form for a PIN of their own",
    "/unsent": "the form that waited while they were locked out",
    "/r/<token>": "a card by scanning a label",
    "/h/<home>/": "their start page",
    "/h/<home>/decisions": "the decisions that wait",
    "/h/<home>/more": "the list of all pages",
    "/h/<home>/alerts": "the alerts",
    # the round
    "/h/<home>/round": "the round: everybody due, with what is open",
    "/h/<home>/round/sheet": "the round on paper",
    "/h/<home>/round/list": "the round, which brings itself up to date",
    "/h/<home>/rounds": "the times of the rounds",
    "/h/<home>/floor": "the floor board",
    "/h/<home>/floor/now": "the floor board, which brings itself up to date",
    "/h/<home>/wall": "the wall board",
    "/h/<home>/wall/now": "the wall board, which brings itself up to date",
    "/h/<home>/scan": "the camera for scanning a label",
    "/h/<home>/stop/<int:scan_id>": "the stop page after another person’s label was scanned",
    "/h/<home>/residents/<int:resident_id>/card": "the medicines card",
    "/h/<home>/residents/<int:resident_id>/help/<key>": "who can help with a dose",
    "/h/<home>/residents/<int:resident_id>/given-already": "the form for a dose given already",
    "/h/<home>/residents/<int:resident_id>/rounds": "what happened at their rounds",
    "/h/<home>/residents/<int:resident_id>/away/medicines": "what goes along and comes back with somebody away",
    "/h/<home>/residents/<int:resident_id>/reconcile": "the comparing of their medicines list",
    "/h/<home>/refusals": "the runs of refusals",
    "/h/<home>/refusals/<int:refusal_id>": "a run of refusals",
    "/h/<home>/hand-over": "the hand-over of a shift",
    "/h/<home>/hand-over/<int:handover_id>": "a hand-over as it stood",
    "/h/<home>/shifts": "the times of the shifts",
    "/h/<home>/reconciliations": "the medicines lists to compare",
    "/h/<home>/witness/<int:request_id>": "a request to witness a dose",
    "/h/<home>/witness/<int:request_id>/state": "a request to witness a dose, which brings itself up to date",
    "/h/<home>/letters": "the letters of the outcomes",
    "/h/<home>/reports": "the reports of doses already given",
    "/h/<home>/reports/<int:report_id>": "a report of a dose already given",
    "/h/<home>/confirmations": "the doses recorded late that wait to be confirmed",
    "/h/<home>/entries/<int:entry_number>/correct": "the form for correcting an entry",
    "/h/<home>/residents/<int:resident_id>/entries": "the entries that can be corrected",
    "/h/<home>/corrections": "the corrections that wait",
    "/h/<home>/corrections/<int:request_number>": "a correction",
    "/h/<home>/gaps": "the doses without a record",
    "/h/<home>/gaps/<gap_key>": "a dose without a record",
    # residents
    "/h/<home>/residents": "the list of residents",
    "/h/<home>/residents/new": "the form for a new resident",
    "/h/<home>/residents/<int:resident_id>": "the record",
    "/h/<home>/residents/<int:resident_id>/edit": "the form for changing details",
    "/h/<home>/residents/<int:resident_id>/allergies": "the form for allergies",
    "/h/<home>/residents/<int:resident_id>/away": "the form for where they are",
    "/h/<home>/residents/<int:resident_id>/photo": "the form for a photo",
    "/h/<home>/residents/<int:resident_id>/labels": "the labels",
    "/h/<home>/labels": "the labels to print",
    "/h/<home>/labels/sheet": "labels on paper",
    "/h/<home>/labels/cards": "cards with labels on paper",
    "/h/<home>/codes": "the code sheet",
    # medicines
    "/h/<home>/orders": "what is prescribed in the home",
    "/h/<home>/orders/<int:line_id>": "one order with its history",
    "/h/<home>/orders/<int:line_id>/edit": "the form for changing an order",
    "/h/<home>/orders/<int:line_id>/stop": "the form for stopping an order",
    "/h/<home>/orders/<int:line_id>/hold": "the form that puts an order on hold",
    "/h/<home>/orders/<int:line_id>/resume": "the form that lets an order go on",
    "/h/<home>/orders/<int:line_id>/strike": "the form for an order entered in error",
    "/h/<home>/orders/versions/<int:version_id>/check": "the second check of an order",
    "/h/<home>/orders/<int:advised_id>/advice/new": "the form for a dose by letter",
    "/h/<home>/orders/advice/<int:advice_id>/check": "the second keying of a letter",
    "/h/<home>/residents/<int:resident_id>/orders": "what is prescribed",
    "/h/<home>/residents/<int:resident_id>/orders/new": "the form for a new order",
    # people who work here
    "/h/<home>/staff": "the list of staff",
    "/h/<home>/staff/<int:person_id>": "the page of somebody who works here",
    "/h/<home>/staff/new": "the form for somebody new",
    "/h/<home>/devices": "the phones and boards",
    "/h/<home>/devices/codes/<int:code_id>": "the code that enrols a phone or board",
    "/h/<home>/duties": "the duties",
    "/h/<home>/duties/week": "the duties of a week",
    "/h/<home>/duties/<duty_key>": "one duty",
    "/h/<home>/competency": "the table of sign-offs",
    "/h/<home>/competency/<int:person_id>": "the sign-offs of one person",
    "/h/<home>/competency/<int:person_id>/sign-off": "the form for signing somebody off",
    "/h/<home>/competency/<int:person_id>/pause": "the form for pausing a sign-off",
    "/h/<home>/competency/<int:person_id>/end": "the form for ending a sign-off",
    # supervision, cover
    "/h/<home>/coverage": "the cover of the next seven days",
    "/h/<home>/coverage/<part_key>": "the cover of a part of a day",
    "/h/<home>/duties/import": "the form that brings duties in from a file",
    "/h/<home>/supervision": "the supervision of the team",
    "/h/<home>/supervision/mine": "their own supervision",
    "/h/<home>/supervision/people/<int:person_id>": "the supervision talks of one person",
    "/h/<home>/supervision/people/<int:person_id>/new": "the form for a supervision talk",
    "/h/<home>/supervision/talks/<int:talk_number>": "a supervision talk",
    "/h/<home>/supervision/talks/<int:talk_number>/amend": "the form for a later version of a supervision talk",
    "/h/<home>/supervision/actions/<int:agreed_id>": "something agreed in a supervision talk",
    # when-required medicines
    "/h/<home>/residents/<int:resident_id>/prn/<int:prn_id>": "a when-required medicine",
    "/h/<home>/effects": "the effects to ask about",
    "/h/<home>/effects/<int:entry_id>": "what a when-required dose did",
    "/h/<home>/prn": "the when-required medicines of the home",
    # the ledger
    "/h/<home>/ledger": "the ledger",
    "/h/<home>/ledger/access": "the list of who opened what",
    "/h/<home>/ledger/check": "the checks of the ledger’s chain",
    "/h/<home>/ledger/check/progress": "how far a check of the chain is",
    "/h/<home>/residents/<int:resident_id>/history/print": "the history for printing",
}
# Pictures and signals fetched while a page is shown: the page itself has its line, these would bury it.
PIECES: tuple[str, ...] = (
    "/scan/waiting",
    "/h/<home>/labels/<int:label_id>/code.svg",
    "/h/<home>/residents/<int:resident_id>/photo/<any(small, large):size>/<int:photo_id>.webp",
)


def page_words(rule: str) -> str:
    """What a page is called after "opened"; one without words of its own is named by its route."""
    return PAGE_WORDS.get(rule, f"another page ({rule})")
