"""Decisions on permanent spokespersons for tests, made by the office's own action."""

from itertools import count

from pr_tracker.db import db
from pr_tracker.spokespersons import actions
from pr_tracker.spokespersons.rules import SpokespersonFacts
from tests.factories.accounts import NOW

_numbers = count(1)


def facts_of(person, decided_at=NOW, *, number=None, **facts):
    """What the portal shows of a person, by a decision with a number of its own."""
    known = {
        "full_name": person.full_name,
        "title": person.title or "Phó Giám đốc",
        "phone": "0000 911 200",
        "email": "phatngon@angiang.example",
        "decision_number": number or f"{next(_numbers)}/QĐ-THU",
        "decided_at": decided_at,
    }
    return SpokespersonFacts(**known | facts)


def a_decision(person, decided_at=NOW, *, agency=None, actor, now=None, replaces=None, **facts):
    """The person is permanent spokesperson of their agency, or of another, since a moment."""
    made = actions.record_decision(
        agency or person.agency,
        facts_of(person, decided_at, **facts),
        person_id=person.id,
        replaces_id=replaces.id if replaces else None,
        actor=actor,
        now=now or decided_at,
    )
    db.session.flush()
    return made
