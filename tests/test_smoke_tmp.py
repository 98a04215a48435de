from tests import builders
from tests.browse import words
from medpwa import ledger
def test_round(world, browser):
    dee = world.actor("dee"); sena=world.actor("sena")
    ivy = builders.resident(dee)
    builders.order(dee, ivy.id, "omeprazole", strength="20 mg", form="capsule", dose_unit="capsule", times=("12:30",))
    builders.order(dee, ivy.id, "senna", times=("12:30","21:00"))
    builders.order(dee, ivy.id, "co-careldopa", strength="25/100 mg", times=("11:00",), time_critical=True, window_before=30, window_after=30)
    lab, token = builders.label(sena, ivy.id)
    b = browser.sign_in("amina")
    p = b.get("/h/rowan/round"); print(words(p)[:1500])
    p = b.get("/r/"+token); print(b.url); print(words(p)[:2500])
    form = p.select_one("#dock form")
    p = b.submit(form); print(words(p)[:2000])
    for f in p.select("#dock form"): print(f.get("action"))
    p = b.submit(p.select_one("#dock form")); print(words(p)[:2000])
    print(words(b.get("/h/rowan/floor")))
    print(words(b.get("/h/rowan/round/sheet"))[:600])
    t = browser.sign_in("ben"); p=t.get("/r/"+token); print(words(p)[:1500])
    b2=browser.sign_in("tolu"); b2.get("/h/rowan/floor")
    assert ledger.verify()==[]
