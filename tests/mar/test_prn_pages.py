"""The pages of when-required medicines in a browser: beside the person, what it did, and the managers' list."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from medpwa import clock, ledger
from medpwa.alerts import Alert
from medpwa.mar import effects, prn_actions, prn_rules, prn_watch
from medpwa.mar.models import Entry
from medpwa.mar.models_after import PrnEffect
from tests.browse import words
from tests.mar import steps
from tests.mar.prn_steps import LORAZEPAM, PROTOCOL, Prn, beside, prn
from tests.mar.steps import HTMX, later, on

DAY = dt.timedelta(days=1)
CHOSEN = {"steps": ["0"], "reason": "Back pain", "amount": "2"}


def ready(phone, bed: Prn, **changes):
    """Open the page, choose, tap Ready."""
    phone.get(bed.url)
    form = phone.page.select_one("#prn-form")
    assert form is not None, words(phone.page)[:600]
    return phone.submit(form, **(CHOSEN | changes))


def days(*numbers: int) -> list[dt.date]:
    return [dt.date(2026, 11, 16) - n * DAY for n in numbers]


def test_a_run_of_days_counts_from_its_own_first_day_however_long_ago():
    """Twenty days running must not read as fourteen; a run that is over before the two weeks is no reason any more."""
    today, since = dt.date(2026, 11, 16), dt.date(2026, 1, 1)
    found = {t.kind: t.count for t in prn_rules.triggers(days(*range(20)), since, today)}
    assert found == {"running": 20, "often": 14}
    assert prn_rules.triggers(days(*range(14, 30)), since, today) == []
    assert [t.kind for t in prn_rules.triggers(days(*range(13, 30)), since, today)] == ["running"]
    assert prn_rules.triggers(days(0, 2, 4), since, today) == []


def test_the_card_lists_what_may_be_given_and_leads_to_its_page(world, browser):
    bed = prn(world)
    phone = browser.sign_in("amina")
    card = words(steps.scan(phone, bed))
    assert "When required" in card and "Can be given now" in card and "0 of 8 tablets in the last 24 hours" in card
    assert words(phone.page.select_one(f"a[href='{bed.url}']")) == "paracetamol 500 mg tablet"


def test_choose_make_ready_give_and_the_card_says_what_is_saved(world, browser):
    bed = prn(world)
    phone = browser.sign_in("amina")
    steps.scan(phone, bed)
    page = words(ready(phone, bed))
    assert "Ready, label checked" in page and "2 tablets given now" in page
    assert not bed.entries(), "making ready writes nothing"
    card = words(phone.submit(phone.page.select_one("#prn-given")))
    row = bed.entries()[0]
    assert (row.amount, row.reason, row.extra) == (Decimal(2), "Back pain", {"steps": ["A warm pack"]})
    assert "Saved 11:40: 2 tablets of paracetamol 500 mg tablet given. Ask today 12:40 whether it helped" in card
    assert "Next allowed today 15:40" in card and "2 of 8 tablets" in card and "Tried first: A warm pack" in card


def test_the_page_says_when_it_was_last_given_and_how_much_in_24_hours(world, browser):
    bed = prn(world)
    bed.give(bed.open("amina"))
    later(hours=5)
    phone = browser.sign_in("amina")
    steps.scan(phone, bed)
    page = words(phone.get(bed.url))
    for said in (
        "Margaret can have it now.", "Last given today 11:40, 5 hours ago.", "at least 4 hours",
        "2 of 8 tablets in the last 24 hours.", "2 tablets today 11:40", "One for mild pain", "Pain in the knees",
        "we ask today 17:40",
    ):  # fmt: skip
        assert said in page, said


def test_too_soon_says_why_and_offers_no_way_past(world, browser):
    bed = prn(world)
    bed.give(bed.open("tolu"))
    later(hours=2, minutes=40)
    phone = browser.sign_in("amina")
    steps.scan(phone, bed)
    page = words(phone.get(bed.url))
    assert "Too soon" in page and "Next allowed today 15:40, in 1 hour 20 min." in page and "shift leader" in page
    assert phone.page.select_one("button[form=prn-form]") is None
    fields = [("version", str(bed.order.version_id)), ("steps", "0"), ("reason", "Back pain"), ("amount", "2")]
    phone.post(f"{bed.url}/ready", fields, status=409)
    assert "Not recorded" in words(phone.page) and steps.refusals()[-1][:2] == ("prn.ready", "interval")


def test_what_is_missing_is_said_and_what_was_chosen_is_kept(world, browser):
    bed = prn(world)
    phone = browser.sign_in("amina")
    steps.scan(phone, bed)
    page = ready(phone, bed, steps=[], reason="other", amount="other", amount_other="١", status=422)
    said = words(page)
    assert "Tick what was tried first" in said and "Say why it is needed" in said and "Choose how much" in said
    assert page.select_one("input[name=reason][value=other]").has_attr("checked")
    assert page.select_one("input[name=amount_other]")["value"] == "١"


def test_offered_and_not_needed_is_one_tap(world, browser):
    bed = prn(world)
    phone = browser.sign_in("amina")
    steps.scan(phone, bed)
    phone.get(bed.url)
    card = words(phone.submit(phone.page.select_one("#prn-offered")))
    assert [e.outcome for e in bed.entries()] == ["not_required"] and "offered, not needed" in card


def test_the_pieces_htmx_asks_for_hold_the_same(world, browser):
    bed = prn(world)
    phone = browser.sign_in("amina")
    steps.scan(phone, bed)
    fields = [("version", str(bed.order.version_id)), ("steps", "0"), ("reason", "Back pain"), ("amount", "2")]
    phone.post(f"{bed.url}/ready", fields, lint=False, **HTMX)
    assert phone.page.select_one("#prn[data-stands-ready]") and phone.page.select_one("#dock button")
    form = phone.page.select_one("#prn-given")
    phone.post(f"{bed.url}/record", steps.pairs(form), lint=False, **HTMX)
    assert "/card?prn=" in phone.response.headers["HX-Redirect"] and len(bed.entries()) == 1


def test_a_saved_sentence_cannot_be_made_up_by_a_link(world, browser):
    bed = prn(world)
    row = bed.give(bed.open("amina"))
    phone = browser.sign_in("amina")
    assert "Saved" not in words(phone.get(f"{bed.resident.url}/card?prn={row.id}")).split("Recorded in")[0]


# ---------------------------------------------------------------- what it did


def test_an_effect_is_asked_for_chased_once_recorded_and_counted(world, browser):
    bed = prn(world)
    row = bed.give(bed.open("amina"))
    home = world.home()
    phone = browser.sign_in("amina")
    assert "Ask Margaret whether" in words(phone.get("/h/rowan/effects"))
    clock.stand_at(on("12:50"))
    for path in ("/h/rowan/round", "/h/rowan/effects", "/h/rowan/floor"):
        assert "Ask Margaret whether the paracetamol 500 mg tablet helped" in words(phone.get(path)), path
    assert prn_watch.look(home) == 0
    clock.stand_at(on("13:10"))
    assert (prn_watch.look(home), prn_watch.look(home)) == (1, 0), "it is chased once"
    assert "Nobody has recorded whether Margaret Ellison’s" in Alert.get(Alert.key == f"effect:{row.id}").words
    assert share(world) == (0, 1)
    phone.get(f"/h/rowan/effects/{row.id}")
    phone.submit(phone.page.select_one("#effect-form"), effect="effective", words="Walks to lunch")
    assert "Saved" in words(phone.page) and share(world) == (1, 1)
    assert [(e.effect, e.words) for e in PrnEffect.select()] == [("effective", "Walks to lunch")]
    assert "Ask Margaret" not in words(phone.get("/h/rowan/round"))
    assert ledger.verify() == []


def share(world) -> tuple[int, int]:
    at = clock.now()
    return effects.effects_recorded(world.home().id, at - dt.timedelta(days=7), at, at)


def test_one_that_did_not_help_needs_to_say_who_was_told_and_tells_the_shift_leader(world, browser):
    bed = prn(world)
    row = bed.give(bed.open("amina"))
    later(minutes=61)
    phone = browser.sign_in("amina")
    page = phone.get(f"/h/rowan/effects/{row.id}")
    assert PROTOCOL["prescriber_when"] in words(page)
    phone.submit(page.select_one("#effect-form"), effect="ineffective", words="Still in pain", status=422)
    assert "Say who was told" in words(phone.page) and PrnEffect.select().count() == 0
    assert phone.page.select_one("textarea[name=words]").get_text(strip=True) == "Still in pain"
    phone.submit(phone.page.select_one("#effect-form"), told="Dr Banerjee, GP")
    assert PrnEffect.get().told == "Dr Banerjee, GP"
    assert "did not help" in Alert.get(Alert.key == f"ineffective:{PrnEffect.get().id}").words


def test_an_effect_nobody_recorded_stays_counted_when_nobody_can_be_asked_any_more(world):
    bed = prn(world)
    bed.give(bed.open("amina"))
    later(days=4)
    assert effects.open_effects(world.home().id, clock.now()) == [] and share(world) == (0, 1)


def test_a_second_word_on_an_effect_stands_beside_the_first_and_holds(world):
    bed = prn(world)
    row = bed.give(bed.open("amina"))
    by = world.actor("amina")
    say = lambda effect: prn_actions.record_effect(by=by, entry_id=row.id, effect=effect)  # noqa: E731
    assert say("partial").id == say("partial").id
    say("effective")
    assert PrnEffect.select().count() == 2 and effects.words_by_entry([row.id]) == {row.id: "helped"}


# ---------------------------------------------------------------- for managers


def test_every_use_of_a_medicine_on_mood_waits_until_a_manager_notes_it(world, browser):
    bed = prn(world, "Doris", "Whitcombe", **LORAZEPAM)
    bed.give(bed.open("amina"), "0.5")
    desk = browser.sign_in("rosa")
    page = words(desk.get("/h/rowan/prn"))
    assert "1 use waits for a manager" in page and "Doris Whitcombe" in page and "half a tablet of lorazepam" in page
    assert "lorazepam" in words(desk.get("/h/rowan/decisions"))
    desk.get("/h/rowan/prn")
    desk.submit(desk.page.select_one("form[action$='/seen']"))
    assert "Every use has been noted" in words(desk.page) and ledger.verify() == []


def test_three_days_running_is_put_before_the_managers_with_its_days(world, browser):
    bed = prn(world)
    for n in range(3):
        clock.stand_at(on("11:50") if n == 0 else clock.now() + DAY)
        bed.give(bed.open("amina"))
    desk = browser.sign_in("rosa")
    page = words(desk.get("/h/rowan/prn"))
    assert "Used on 3 days running: 16 Nov, 17 Nov, 18 Nov." in page and "The protocol says: In three months" in page
    assert "Amina" not in page.split("To review")[1], "nobody is named in figures"


def test_a_carer_sees_no_figures_and_marks_nothing(world, browser):
    bed = prn(world, **LORAZEPAM)
    row = bed.give(bed.open("amina"), "0.5")
    phone = browser.sign_in("amina")
    phone.get("/h/rowan/prn", status=404, lint=False)
    phone.post(f"/h/rowan/prn/{row.id}/seen", [], status=403, lint=False)


def test_the_history_and_the_print_show_amount_reason_and_what_it_did(world, browser):
    bed = prn(world)
    row = bed.give(bed.open("amina"))
    prn_actions.record_effect(by=world.actor("amina"), entry_id=row.id, effect="partial", words="Sits easier")
    desk = browser.sign_in("rosa")
    told = words(desk.get(f"{bed.resident.url}/rounds"))
    assert "2 tablets of paracetamol 500 mg tablet" in told and "Back pain" in told and "Sits easier" in told
    printed = words(desk.get(f"{bed.resident.url}/history/print"))
    for said in ("2 tablets", "Back pain", "helped a little", "Sits easier"):
        assert said in printed, said


def test_the_last_time_it_was_given_passes_over_what_was_struck_out(world):
    from medpwa.mar import queries
    from tests.mar.test_prn_write import _struck, _writing

    bed = prn(world)
    by = bed.open("amina")
    first = bed.give(by).given_at
    later(hours=5)
    bed.open("amina")
    second = bed.give(by)
    assert queries.last_given([bed.order.line_id]) == {bed.order.line_id: second.given_at}
    with _writing(by) as said:
        said.append(_struck(by, Entry.get_by_id(second.id)))
    assert queries.last_given([bed.order.line_id]) == {bed.order.line_id: first}


def test_another_home_learns_nothing_of_a_dose_here(world, browser):
    bed = prn(world)
    row = bed.give(bed.open("amina"))
    other = beside(world, bed.resident, **LORAZEPAM)
    stranger = browser.sign_in("nell")
    pages = (f"/h/far/effects/{row.id}", f"/h/far/residents/{bed.resident.id}/prn/{other.order.line_id}")
    for path in pages:
        stranger.get(path, status=404, lint=False)
