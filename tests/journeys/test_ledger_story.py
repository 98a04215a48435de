"""A manager with ten minutes: what was refused, whether the chain holds, who opened a record, a history on paper."""

import pytest

pytestmark = pytest.mark.journey


def test_a_manager_reads_the_ledger_checks_its_chain_and_prints_a_history(phones, home):
    ben = phones("ben")
    ben.open(f"residents/{home.ids['ivy']}/card")
    rosa = phones("rosa")
    page = rosa.page
    rosa.open("ledger")
    assert "in the last 7" in page.locator("h1").inner_text()
    page.locator(".trail__how summary").first.click()
    page.get_by_text("Its hash").first.wait_for()
    rosa.check()
    page.get_by_text("Choose people, days and what was done").click()
    page.get_by_label("About whom").select_option(label="Ivy Cartledge, room 7")
    page.get_by_role("button", name="Show these lines").click()
    page.get_by_text("About Ivy Cartledge.", exact=True).wait_for()
    rosa.check()
    rosa.open("ledger/check")
    page.get_by_role("button", name="Check the chain now").click()
    page.get_by_text("nothing wrong").first.wait_for(timeout=30_000)  # the worker beside the server did it
    rosa.check()
    rosa.open("ledger/access")
    page.locator(".trail__body").filter(has_text="Ben Hale").filter(has_text="Ivy Cartledge").first.wait_for()
    rosa.open(f"residents/{home.ids['ivy']}/history/print")
    assert page.locator("tbody.sheet__dose").count() >= 3
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
