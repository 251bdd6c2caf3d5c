"""Agencies and people for tests."""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from pr_tracker.accounts import actions
from pr_tracker.accounts.rules import AgencyKind, SigningForm
from pr_tracker.accounts.security import hashed
from pr_tracker.db import db
from pr_tracker.permissions import Role

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)  # Friday, 16:30 in the office
_numbers = count(1)


def an_agency(name=None, *, kind=AgencyKind.DEPARTMENT, superior=None, signing_form=SigningForm.HEAD, now=NOW):
    number = next(_numbers)
    name = name or f"Sở Thử nghiệm {number}"
    return actions.add_agency(
        code=f"A{number}",
        name=name,
        short_name=name,
        kind=kind,
        signing_form=signing_form,
        superior=superior,
        actor=None,
        now=now,
    )


def a_person(full_name=None, *, agency=None, roles=(Role.STAFF,), title="", email=None, password=None, now=NOW):
    number = next(_numbers)
    person = actions.add_person(
        full_name=full_name or f"Nguyễn Thử Nghiệm {number}",
        email=email or f"person{number}@angiang.example",
        agency=agency or an_agency(now=now),
        roles=set(roles),
        title=title,
        password_hash=hashed(password) if password else None,
        actor=None,
        now=now,
    )
    if Role.HEAD in roles and person.agency.head is None:
        actions.hand_over(person.agency, person.id, now=now)
    return person


@dataclass(frozen=True)
class Somebody:
    """A committed person, as a test without a session of its own knows them."""

    id: int
    email: str
    fs_uniquifier: str
    agency_id: int


def somebody(app, full_name=None, **facts) -> Somebody:
    """a_person(), committed; requests of the test then have sessions of their own, as in life."""
    with app.app_context():
        person = a_person(full_name, **facts)
        db.session.commit()
        return Somebody(person.id, person.email, person.fs_uniquifier, person.agency_id)
