"""The page of one's own sign-offs."""

from __future__ import annotations

from flask import g, render_template

from medpwa.practice import own
from medpwa.practice.views import pages


@pages.get("/h/<home>/my-sign-offs", permit="competency.see_own")
def my_sign_offs(who):
    """What I may give, until when, what comes next, and my own figures."""
    g.subject = f"person:{who.person_id}"
    return render_template("practice/own.html", page=own.own_page(who))
