"""A kept paper is handed out here and nowhere else: as a file to keep, never as a page of ours."""

from __future__ import annotations

from flask import Response, g

from medpwa.competency import papers
from medpwa.practice import paper_queries
from medpwa.practice.views import pages
from medpwa.security import PAPER_POLICY


@pages.get("/h/<home>/papers/<int:paper_id>", permit="papers.see", about=paper_queries.paper_of)
def paper(who, about, paper_id):
    """One paper, as a file."""
    g.subject = about.subject
    answer = Response(papers.content_of(about.home_id, paper_id), mimetype=papers.MEDIA_TYPES[about.facts.kind])
    answer.headers.set("Content-Disposition", "attachment", filename=f"{about.facts.name}.{about.facts.kind}")
    answer.headers["Content-Security-Policy"] = PAPER_POLICY
    answer.headers["Cache-Control"] = "no-store"
    return answer
