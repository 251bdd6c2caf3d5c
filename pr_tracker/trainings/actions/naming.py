"""Agencies name their people for a class; trainers ask them to."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from pr_tracker.accounts.models import Person
from pr_tracker.audit.actions import Actor, record, take_turn
from pr_tracker.db import db
from pr_tracker.errors import N_, StepNotAllowed
from pr_tracker.notices.rules import NoticeKind
from pr_tracker.trainings.actions.roster import change_participant, enrol, remove_participant
from pr_tracker.trainings.actions.telling import class_facts, tell_agencies
from pr_tracker.trainings.models import TrainingClass
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.queries.invitations import is_over, naming_of, places_of, quotas_to_fill
from pr_tracker.trainings.queries.roster import people_in, staff_for
from pr_tracker.trainings.rules_invitations import InvitationEvent, Seating
from pr_tracker.trainings.rules_roster import Entry, without_rows

CLOSED = N_("People can no longer be named for this class. The trainers can still put them on the roster.")


def name_people(one: TrainingClass, entries: Sequence[Entry], *, actor: Person, now: datetime) -> list[Participant]:
    """The actor's agency names people, in the order in which they go before one another; those beyond the places wait.

    Raises StepNotAllowed once naming has ended.
    """
    take_turn()
    _require_open(one, actor.agency_id, now)
    agency = actor.agency
    own = [replace(entry, agency_id=agency.id, agency_name=agency.name) for entry in entries]
    entries = without_rows(own, people_in(one.id))
    return enrol(one, entries, actor=actor, now=now, seating=Seating.BY_QUOTA, named_by_id=actor.id)


def name_staff(one: TrainingClass, person_ids: Sequence[int], *, actor: Person, now: datetime) -> list[Participant]:
    """The actor's agency names people of its staff list; others and those who have a row already are passed over."""
    take_turn()
    found = staff_for(one.id, agency_id=actor.agency_id, among=person_ids)
    entries = [Entry(row.full_name, row.title, "", row.phone, row.email, person_id=row.id) for row in found]
    return name_people(one, entries, actor=actor, now=now) if entries else []


def correct_named(row: Participant, entry: Entry, *, version: int, actor: Person, now: datetime) -> None:
    """Correct what is written of somebody; the agency stays. Raises ChangedMeanwhile, StepNotAllowed after the class.

    Whoever attended is nobody else afterwards: only a trainer still corrects the name that a certificate bears.
    """
    take_turn()
    if is_over(row.training_class, now):
        raise StepNotAllowed(N_("This class is over or was cancelled; only its trainers still correct the roster."))
    same = replace(entry, agency_name=row.agency_name, agency_id=row.agency_id)
    change_participant(row, same, version=version, actor=actor, now=now)


def take_back(row: Participant, reason: str, *, actor: Person, now: datetime) -> None:
    """The agency takes somebody back while people are still named. Raises StepNotAllowed after that."""
    take_turn()
    _require_open(row.training_class, actor.agency_id, now)
    remove_participant(row, reason, actor=actor, now=now)


def ask_agencies(one: TrainingClass, *, actor: Actor | None, now: datetime) -> int:
    """Ask each agency that has not filled its quota to name people; returns how many agencies have somebody to ask.

    Raises StepNotAllowed when no agency has a place left, or naming has ended.
    """
    take_turn()
    places = places_of(one)
    rows = [row for row in quotas_to_fill(one.id) if places.free_of(row.ClassQuota.agency_id) != 0]
    if not rows:
        raise StepNotAllowed(N_("No agency has a place left to fill."))
    naming = naming_of(one, rows[0].ClassQuota.agency_id)
    if not naming.is_open(now):
        raise StepNotAllowed(CLOSED)
    facts = class_facts(one)
    if naming.closes_at is not None:
        facts["due_at"] = naming.closes_at.isoformat()
    asked = {row.ClassQuota.agency_id: facts | {"agency": row.name, "seats": row.ClassQuota.seats} for row in rows}
    for row in rows:
        row.ClassQuota.asked_at = now
    tell_agencies(one, NoticeKind.CLASS_ASKED, asked, now=now)
    record(InvitationEvent.ASK, one, actor=actor, now=now, agencies=[row.name for row in rows])
    db.session.flush()
    return len(rows)


def _require_open(one: TrainingClass, agency_id: int, now: datetime) -> None:
    db.session.refresh(one)
    if not naming_of(one, agency_id).is_open(now):
        raise StepNotAllowed(CLOSED)
