"""The application is put together once for many tests; none may find what another did to it."""

from __future__ import annotations

import pytest

from medpwa import database
from tests import conftest


@pytest.fixture
def again(app):
    """The application as the next test gets it."""
    settings = app.config["SETTINGS"]

    def once_more():
        database.close_all()
        return conftest.application(settings)

    return once_more


def test_the_next_test_gets_the_same_application_with_its_configuration_put_back(app, browser, again):
    browser.get("/sign-in")
    app.config.update(SECRET_KEY="another", EXTRA=1)
    after = again()
    assert after is app and after.config["SECRET_KEY"] == conftest.SECRET and "EXTRA" not in after.config


@pytest.mark.parametrize(
    "change",
    [
        lambda app: app.add_url_rule("/extra", "extra", lambda: "extra"),
        lambda app: app.before_request(lambda: None),
        lambda app: app.register_error_handler(418, lambda fault: "tea"),
        lambda app: app.context_processor(dict),
        lambda app: app.jinja_env.globals.update(extra=1),
        lambda app: app.jinja_env.filters.update(upper=str),
        lambda app: app.extensions.update(extra=1),
        lambda app: setattr(app, "wsgi_app", lambda environ, start: []),
    ],
    ids=["page", "hook", "fault", "context", "word", "filter", "extension", "server"],
)
def test_an_application_that_a_test_changed_is_not_handed_on(app, again, change):
    app._got_first_request = False
    change(app)
    assert again() is not app
