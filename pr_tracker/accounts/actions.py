"""Add and change agencies and people."""

import uuid
from datetime import datetime

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.accounts.rules import AccountEvent, AgencyKind, SigningForm
from pr_tracker.audit.actions import Actor, record
from pr_tracker.db import db
from pr_tracker.permissions import Role
from pr_tracker.text import fold, name_sort_key, sort_key


def add_agency(
    *,
    code: str,
    name: str,
    short_name: str,
    kind: AgencyKind,
    signing_form: SigningForm,
    superior: Agency | None,
    actor: Actor | None,
    now: datetime,
) -> Agency:
    """A new agency below its superior."""
    agency = Agency(
        code=code,
        name=name,
        short_name=short_name,
        sort_key=sort_key(name),
        search_text=fold(f"{code} {name} {short_name}"),
        kind=kind,
        signing_form=signing_form,
        superior=superior,
    )
    db.session.add(agency)
    record(AccountEvent.AGENCY_ADD, agency, actor=actor, now=now, code=code, name=name)
    return agency


def add_person(
    *,
    full_name: str,
    email: str,
    agency: Agency,
    roles: set[Role],
    actor: Actor | None,
    now: datetime,
    title: str = "",
    phone: str = "",
    password_hash: str | None = None,
) -> Person:
    """A new person of an agency; without a password hash they set one by mail."""
    person = Person(
        full_name=full_name,
        email=email.strip().lower(),
        title=title,
        phone=phone,
        agency=agency,
        sort_key=name_sort_key(full_name),
        search_text=fold(f"{full_name} {email} {title}"),
        password=password_hash,
        fs_uniquifier=uuid.uuid4().hex,
        created_at=now,
    )
    person.roles = roles
    db.session.add(person)
    record(AccountEvent.PERSON_ADD, person, actor=actor, now=now, roles=sorted(roles))
    return person
