"""Authorisations to speak for tests, given by the office's own actions."""

from datetime import date, timedelta

from pr_tracker.inquiries.actions import authorising
from pr_tracker.spokespersons.actions_authorising import Grant
from tests.factories.accounts import NOW


def a_grant(person, *, from_at=None, until_at=None, number="215/GUQ-SXD", now=NOW, **facts):
    known = {"signed_on": date(2026, 11, 20) if number else None, "words": "Phát ngôn về vụ việc này"}
    return Grant(
        person.id, from_at=from_at or now, until_at=until_at or now + timedelta(days=7), number=number, **known | facts
    )


def an_authorisation(inquiry, person, *, by, now=NOW, **facts):
    """The head lets a person speak in an inquiry, from now for a week unless said otherwise."""
    return authorising.authorise(inquiry, a_grant(person, now=now, **facts), actor=by, now=now)
