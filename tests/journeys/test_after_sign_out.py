"""After sign-out nothing of anybody is left on the phone: not in a page, Back, a cache, the storage or offline."""

from __future__ import annotations

import re

from tests.journeys.conftest import TOKENS

NAMES = "Cartledge|Brandreth|Delaney|Ivy|Sylvia|22 May 1936|1936-05-22"
MEDICINES = "omeprazole|carbocisteine|senna|levothyroxine|apixaban|trimethoprim"
PRIVATE = re.compile(f"{NAMES}|{MEDICINES}", re.I)
# Everything a script of this origin can read on this phone, as one text.
KEPT_ON_THE_PHONE = """async () => {
  const wanted = (asked) => new Promise((done, no) => { asked.onsuccess = () => done(asked.result); asked.onerror = no; });
  const said = [document.cookie, JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage})];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      said.push(request.url, await (await cache.match(request)).text());
    }
  }
  for (const {name} of await indexedDB.databases()) {
    const db = await wanted(indexedDB.open(name));
    for (const store of db.objectStoreNames) {
      said.push(name, store, JSON.stringify(await wanted(db.transaction(store).objectStore(store).getAll())));
    }
    db.close();
  }
  return said.join("\\n");
}"""
# Whether the browser still has an answer of its own for an address.
STILL_HAS = """async (urls) => {
  const found = [];
  for (const url of urls) {
    const answer = await fetch(url, { cache: "only-if-cached", mode: "same-origin" }).catch(() => null);
    if (answer && answer.ok) found.push(url);
  }
  return found;
}"""


def test_after_signing_out_nothing_of_anybody_is_left_on_the_phone(phones, home):
    phone = phones("amina")
    phone.expected = ("Failed to load resource", "ERR_CACHE_MISS", "ERR_INTERNET_DISCONNECTED", "only-if-cached")
    page, asked = phone.page, []
    page.on("request", lambda request: asked.append((request.url, request.headers.get("referer", ""))))
    page.goto(f"{home.base}/r/{TOKENS['ivy:person']}")
    ivy = home.ids["ivy"]
    opened = ["round", f"residents/{ivy}/card", "residents", f"residents/{ivy}", f"residents/{ivy}/orders", "floor"]
    seen = ""
    for path in opened:
        page.goto(home.url(path))
        seen += page.content()
    assert PRIVATE.search(seen), "the control: there was something to find"
    assert not [r for _, r in asked if TOKENS["ivy:person"] in r], "a token went along as the page before"
    assert not PRIVATE.search(page.evaluate(KEPT_ON_THE_PHONE)), "something is kept while signed in already"
    page.goto(home.url("round"))
    page.evaluate("() => navigator.serviceWorker.ready")
    ours = sorted({url for url, _ in asked if "/h/rowan/" in url or "/r/" in url})
    photos = [url for url in ours if url.endswith(".webp")]
    assert page.evaluate(STILL_HAS, ours) == photos != [], "the control: photos are kept for a day, nothing else is"
    page.goto(home.base + "/me")
    page.get_by_role("button", name=re.compile("sign .*out", re.I)).first.click()
    page.wait_for_url(re.compile("/sign-in"))

    assert not PRIVATE.search(page.content())
    kept = page.evaluate(KEPT_ON_THE_PHONE)
    assert not PRIVATE.search(kept) and TOKENS["ivy:person"] not in kept
    assert page.evaluate(STILL_HAS, ours) == [], "the browser's own cache still answers"
    for _ in range(len(opened) + 3):
        if page.go_back(wait_until="load") is None:
            break
        assert not PRIVATE.search(page.content()), f"Back shows {page.url}"
    page.context.set_offline(True)
    for path in ("round", f"residents/{ivy}/card"):
        page.goto(home.url(path))
        assert not PRIVATE.search(page.content()), path
        page.reload()
        assert not PRIVATE.search(page.content()), path
    page.context.set_offline(False)
    assert {c["name"] for c in page.context.cookies()} <= {"__Host-known"}
