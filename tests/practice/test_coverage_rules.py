"""The coverage forecast as a pure rule, held against a slow oracle that walks every dose, person and quarter of an
hour by itself."""

import datetime as dt
import itertools
import random
from collections import Counter

from medpwa import clock
from medpwa.competency.rules import GrantFact
from medpwa.practice import coverage_rules as rules
from medpwa.practice import filling_rules as filling
from medpwa.practice.coverage_rules import AnyTime, Cover, Facts, Need, Span, Worker
from medpwa.staff.rules import RoleFact

ZONE = "Europe/London"
QUARTER, HOUR, DAY = dt.timedelta(minutes=15), dt.timedelta(hours=1), dt.timedelta(days=1)
SINCE = clock.local_to_instant(dt.datetime(2026, 1, 1))
TUESDAY = dt.date(2026, 11, 17)


def at(day, time, days=0):
    return clock.at_local(day + days * DAY, dt.time.fromisoformat(time), ZONE)


def worker(number, *skills, name="", until=None, role_until=None, resident=None):
    """Somebody signed off for these skills; insulin for resident 4."""
    grants = tuple(
        GrantFact(s, 4 if s == "insulin" else resident, "competent", SINCE, until, 100 * number + n)
        for n, s in enumerate(skills)
    )
    roles = (RoleFact(1, "carer", SINCE, role_until, number),)
    return Worker(number, name or f"Worker {number}", roles, grants)


def facts(workers, duties, needs, any_time=(), start=None, days=7):
    start = start or at(TUESDAY, "11:00", -1)
    return Facts(1, ZONE, start, start + days * DAY, tuple(workers), tuple(duties), tuple(needs), tuple(any_time))


def night(number, day=TUESDAY, kind="floor"):
    return Span(number, at(day, "20:45"), at(day, "07:15", 1), kind)


CD = (("cd_witness",), ("controlled",))
INSULIN = Need(at(TUESDAY, "21:00"), ("insulin",), 4)
MORPHINE = Need(at(TUESDAY, "21:30"), ("controlled",), 2, second=CD)


def told(f):
    cover = Cover(f)
    return [(h.part.key, h.kind, [w.person_id for w in filling.could_fill(h, f, cover)]) for h in rules.holes(f, cover)]


def test_tuesday_night_has_nobody_for_insulin_and_no_second_person():
    ada, bea, cyn = worker(1, "oral", "controlled"), worker(2, "oral", "insulin"), worker(3, "cd_witness")
    f = facts([ada, bea, cyn], [night(1)], [INSULIN, MORPHINE])
    assert told(f) == [("2026-11-17-night", "nobody", [2]), ("2026-11-17-night", "no_second", [3])]
    assert told(facts([ada, bea, cyn], [night(1), night(2), night(3)], [INSULIN, MORPHINE])) == []


def test_a_sign_off_that_lapses_within_the_week_counts_until_then_and_no_longer():
    lapsing = worker(1, "insulin", until=at(TUESDAY, "21:00"))
    assert told(facts([lapsing], [night(1)], [INSULIN])) == [("2026-11-17-night", "nobody", [])]
    still = worker(1, "insulin", until=at(TUESDAY, "21:15"))
    f = facts([still], [night(1), night(1, TUESDAY + DAY)], [INSULIN])
    assert told(f) == []
    assert [(x.person_id, x.skill) for x in filling.lapses(f)] == [(1, "insulin")]
    assert told(facts([lapsing, worker(2, "oral")], [night(2)], [INSULIN])) == [("2026-11-17-night", "nobody", [])]


def test_access_that_ends_is_cover_that_ends():
    gone = worker(1, "insulin", role_until=at(TUESDAY, "20:00"))
    assert told(facts([gone], [night(1)], [INSULIN])) == [("2026-11-17-night", "nobody_here", [])]


def test_insulin_for_one_person_is_no_cover_for_another():
    other = Need(INSULIN.at, ("insulin",), 5)
    assert told(facts([worker(1, "insulin")], [night(1)], [INSULIN, other])) == [("2026-11-17-night", "nobody", [])]


def test_two_people_who_each_can_half_of_a_dose_do_not_cover_it():
    both = Need(INSULIN.at, ("insulin", "controlled"), 4)
    f = facts([worker(1, "insulin"), worker(2, "controlled")], [night(1), night(2)], [both])
    assert told(f) == [("2026-11-17-night", "nobody", [])]


def test_people_on_call_are_at_home_and_are_named_apart():
    f = facts([worker(1, "oral"), worker(2, "insulin")], [night(1), night(2, kind="on_call")], [INSULIN])
    cover = Cover(f)
    (hole,) = rules.holes(f, cover)
    assert filling.could_fill(hole, f, cover) == ()
    assert [w.person_id for w in filling.could_fill(hole, f, cover, call=True)] == [2]


def test_nobody_is_proposed_who_would_be_there_for_more_than_twelve_hours():
    free, tired = worker(2, "insulin", name="Free"), worker(3, "insulin", name="Tired")
    long_day = Span(3, at(TUESDAY, "08:00"), at(TUESDAY, "20:00"), "floor")
    assert told(facts([worker(1, "oral"), free, tired], [night(1), long_day], [INSULIN]))[0][2] == [2]
    eleven = Span(3, at(TUESDAY, "08:45"), at(TUESDAY, "19:45"), "floor")
    assert told(facts([worker(1, "oral"), free, tired], [night(1), eleven], [INSULIN]))[0][2] == [2, 3]


def test_nothing_is_said_of_days_nobody_has_planned():
    later = Need(INSULIN.at + 2 * DAY, ("insulin",), 4)
    f = facts([worker(1, "insulin")], [night(1)], [INSULIN, later])
    assert told(f) == [] and rules.known_until(f) == at(TUESDAY, "07:15", 1)
    assert told(facts([worker(1)], [], [INSULIN])) == []


def test_what_may_be_needed_at_any_time_is_a_hole_from_the_moment_nobody_could_do_it():
    rescue = AnyTime(at(TUESDAY, "00:00"), at(TUESDAY, "00:00", 2), ("insulin",), 4)
    f = facts([worker(1, "insulin", until=at(TUESDAY, "23:30"))], [night(1)], [], [rescue])
    (hole,) = rules.holes(f)
    assert (hole.kind, hole.doses, hole.since) == ("nobody", (), at(TUESDAY, "23:30"))
    f = facts([worker(1, "oral")], [night(1)], [INSULIN], [rescue])
    said = [(h.part.name, bool(h.doses)) for h in rules.holes(f)]
    assert said == [("night", True)], "said once, with its dose; the seams of a quarter of an hour are no holes"


def test_the_night_the_clocks_go_back_is_one_night_and_its_hour_comes_twice():
    saturday = dt.date(2026, 10, 24)
    twice = [Need(at(saturday, "00:30", 1) + n * HOUR, ("insulin",), 4) for n in range(4)]
    until = twice[2].at  # the second 01:30
    f = facts([worker(1, "insulin", until=until)], [night(1, saturday)], twice, start=at(saturday, "12:00"), days=2)
    (hole,) = rules.holes(f)
    assert hole.part.key == "2026-10-24-night" and [x for x, _ in hole.doses] == [n.at for n in twice[2:]]
    assert hole.part.ends - hole.part.starts == 11 * HOUR
    assert clock.time_words(twice[1].at, ZONE).startswith("01:30")
    assert clock.time_words(twice[2].at, ZONE).startswith("01:30")


# ---------------------------------------------------------------- the oracle


def slow_state(grants, skill, resident, moment):
    """Whether a skill is in date, read straight off the grants."""
    best = None
    for g in grants:
        fits = g.resident_id == resident if skill in ("insulin", "peg") else g.resident_id in (None, resident)
        if g.skill == skill and g.valid_from <= moment and fits:
            if best is None or (g.valid_from, g.id) >= (best.valid_from, best.id):
                best = g
    return best is not None and best.state == "competent" and (best.valid_until is None or moment < best.valid_until)


def slow_there(f, moment):
    found = []
    for w in f.workers:
        role = None
        for r in sorted(w.roles, key=lambda r: (r.valid_from, r.id)):
            if r.valid_from <= moment:
                role = r
        works = role is not None and role.role == "carer" and (role.valid_until is None or moment < role.valid_until)
        on = any(d.person_id == w.person_id and d.kind != "on_call" and d.starts <= moment < d.ends for d in f.duties)
        if works and on:
            found.append(w)
    return found


def slow_lack(f, moment, skills, resident, second):
    there = slow_there(f, moment)
    if not there:
        return "nobody_here"

    def can(w, wanted):
        return all(slow_state(w.grants, s, resident, moment) for s in wanted)

    if not any(can(w, skills) for w in there):
        return "nobody"
    if second:
        for giver, other in itertools.permutations(there, 2):
            if can(giver, skills) and any(can(other, way) for way in second):
                return ""
        return "no_second"
    return ""


def slow_part(moment):
    there = moment.astimezone(clock.zone(ZONE))
    hour, day = there.hour, there.date()
    if hour < 7:
        return f"{day - DAY}-night"
    return f"{day}-{'morning' if hour < 12 else 'afternoon' if hour < 17 else 'evening' if hour < 21 else 'night'}"


def slow_holes(f):
    """{(part, kind, skills, resident)}, by walking everything."""
    ends = [d.ends for d in f.duties if d.kind != "on_call"]
    until = min(f.end, max(ends)) if ends else f.start
    found = set()

    def name(moment, kind, skills, resident):
        whose = resident if "insulin" in skills else None
        return (slow_part(moment), kind, skills if kind == "nobody" else (), whose if kind == "nobody" else None)

    for n in f.needs:
        if f.start <= n.at < until and (kind := slow_lack(f, n.at, n.skills, n.resident_id, n.second)):
            found.add(name(n.at, kind, n.skills, n.resident_id))
    moment = f.start
    quarters = Counter()
    while moment < until:
        missed = set()
        for a in f.any_time if slow_there(f, moment) else ():
            if a.starts <= moment < a.ends and (k := slow_lack(f, moment, a.skills, a.resident_id, a.second)):
                missed.add(name(moment, k, a.skills, a.resident_id))
        quarters.update(missed)
        moment += QUARTER
    return found | {hole for hole, n in quarters.items() if n >= 4}


SECONDS = ((), (), CD, (*CD, ("oral",)), (*CD, ("insulin",)))
WAYS = (("oral",), ("insulin",), ("controlled",), ("oral", "insulin"), ())


def random_facts(rng):
    """Three days around a change of the clocks or none, everything on quarters of an hour."""
    start = rng.choice([at(dt.date(2026, 10, 24), "12:00"), at(dt.date(2027, 3, 27), "12:00"), at(TUESDAY, "09:00")])
    moment = lambda: start + rng.randrange(3 * 96) * QUARTER  # noqa: E731
    workers = []
    for n in range(1, rng.randint(2, 6)):
        grants = []
        for m in range(rng.randint(0, 6)):
            skill = rng.choice(["oral", "insulin", "controlled", "cd_witness"])
            whose = rng.choice([4, 5]) if skill == "insulin" else None
            begun = rng.choice([SINCE, moment()])
            ends = rng.choice([None, None, begun + rng.randrange(1, 200) * QUARTER])
            state = rng.choice(["competent", "competent", "competent", "suspended", "supervised_only"])
            grants.append(GrantFact(skill, whose, state, begun, ends if state == "competent" else None, 100 * n + m))
        roles = [RoleFact(1, "carer", SINCE, rng.choice([None, None, moment()]), n)]
        if rng.random() < 0.15:
            roles.append(RoleFact(1, rng.choice(["", "quality_lead"]), moment(), None, 50 + n))
        workers.append(Worker(n, f"Worker {n}", tuple(roles), tuple(grants)))
    duties = []
    for _ in range(rng.randint(0, 8)):
        begun = moment() - rng.randrange(40) * QUARTER
        kind = rng.choice(["floor", "shift_leader", "floor", "on_call"])
        duties.append(Span(rng.choice(workers).person_id, begun, begun + rng.randrange(1, 60) * QUARTER, kind))
    doses = range(rng.randint(0, 12))
    needs = [Need(moment(), rng.choice(WAYS), rng.choice([4, 5]), rng.choice(SECONDS), rng.choice([1, 1, 3]))
             for _ in doses]  # fmt: skip
    spans = [sorted((moment(), moment())) for _ in range(rng.randint(0, 3))]
    any_time = [AnyTime(a, b, rng.choice(WAYS[:3]), rng.choice([4, 5]), rng.choice(SECONDS)) for a, b in spans if a < b]
    return facts(workers, duties, sorted(needs, key=lambda n: n.at), any_time, start, 3)


def test_random_weeks_agree_with_the_slow_oracle(capsys):
    rng, reached = random.Random(20261117), Counter()
    for _ in range(300):
        f = random_facts(rng)
        cover = Cover(f)
        found = rules.holes(f, cover)
        assert {(h.part.key, h.kind, h.skills, h.resident_id) for h in found} == slow_holes(f)
        for hole in found:
            reached[hole.kind] += 1
            reached["clock change"] += hole.part.ends - hole.part.starts in (9 * HOUR, 11 * HOUR)
            reached["any time"] += not hole.doses
            for w in filling.could_fill(hole, f, cover):
                reached["could fill"] += 1
                with_them = Span(w.person_id, *filling.work_for(hole), "floor")
                after = facts(f.workers, (*f.duties, with_them), f.needs, f.any_time, f.start, 3)
                left = [h for h in rules.holes(after) if h.doses and hole.doses and h.part == hole.part]
                same = (hole.kind, hole.skills, hole.resident_id)
                assert same not in [(h.kind, h.skills, h.resident_id) for h in left], "who is named closes it"
        reached["lapse"] += len(filling.lapses(f))
    with capsys.disabled():
        print(f"\n300 random spans of three days: {dict(reached)}")
    wanted = ("nobody", "no_second", "nobody_here", "clock change", "any time", "could fill", "lapse")
    assert all(reached[what] for what in wanted), reached
