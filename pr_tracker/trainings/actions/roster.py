"""Keep rosters."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from pr_tracker.audit.actions import Actor, record, take_turn
from pr_tracker.codes import CODE_LETTERS
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput
from pr_tracker.notices.actions import redirect_mails
from pr_tracker.text import fold, name_sort_key
from pr_tracker.trainings.actions.beats import begin_change, write
from pr_tracker.trainings.actions.waiting import has_place_for, move_up
from pr_tracker.trainings.models import TrainingClass
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.queries.invitations import places_of
from pr_tracker.trainings.queries.roster import agencies_by_name, last_number, people_named, staff_for
from pr_tracker.trainings.rules import TrainingEvent
from pr_tracker.trainings.rules_invitations import Seating, who_waits
from pr_tracker.trainings.rules_roll import row_code
from pr_tracker.trainings.rules_roster import CODE_LENGTH, Entry

Event = TrainingEvent


def enrol(
    one: TrainingClass,
    entries: Sequence[Entry],
    *,
    actor: Actor | None,
    now: datetime,
    seating: Seating = Seating.BY_CAPACITY,
    named_by_id: int | None = None,
    walk_in: bool = False,
) -> list[Participant]:
    """Put people on the roster, numbered on in the order of their given names; agencies and people by name.

    Whoever finds no place by `seating` waits, in the order in which they stand in `entries`; walk-ins never wait.
    """
    take_turn()
    db.session.flush()
    agencies = agencies_by_name()
    known = _with_people([_with_agency(entry, agencies) for entry in entries], one.id)
    seating = Seating.ALWAYS if walk_in else seating
    waits = who_waits([entry.agency_id for entry in known], places_of(one), seating)
    first = last_number(one.id) + 1
    shared = {"class_id": one.id, "created_at": now, "named_by_id": named_by_id, "walk_in": walk_in}
    codes = set(db.session.scalars(sa.select(Participant.personal_code).where(Participant.class_id == one.id)))
    rows: list[dict[str, Any]] = []
    order = sorted(range(len(known)), key=lambda place: name_sort_key(known[place].full_name))
    for number, place in enumerate(order, first):
        own = {"number": number, "sort_key": name_sort_key(known[place].full_name)}
        own |= {"token": secrets.token_urlsafe(16), "personal_code": _new_code(codes)}
        own |= {"waiting_at": now + timedelta(microseconds=place) if place in waits else None}
        rows.append(vars(known[place]) | shared | own)
    if rows:
        db.session.execute(sa.insert(Participant), rows)
        names = {row_code(row["number"]): row["full_name"] for row in rows}
        record(Event.ROSTER_ADD, one, actor=actor, now=now, names=names)
    query = sa.select(Participant).where(Participant.class_id == one.id, Participant.number >= first)
    return list(db.session.scalars(query.order_by(Participant.number)))


def enrol_staff(
    one: TrainingClass, person_ids: Sequence[int], *, actor: Actor | None, now: datetime
) -> list[Participant]:
    """Put people with an account on the roster; those who have a row already are passed over."""
    take_turn()
    found = staff_for(one.id, among=person_ids)
    entries = [
        Entry(row.full_name, row.title, row.agency_name, row.phone, row.email, row.agency_id, row.id) for row in found
    ]
    return enrol(one, entries, actor=actor, now=now)


def change_participant(
    participant: Participant, entry: Entry, *, version: int, actor: Actor | None, now: datetime
) -> None:
    """Correct a row of the roster; its code stays. Raises ChangedMeanwhile."""
    entry = replace(_with_agency(entry, agencies_by_name()), person_id=participant.person_id)
    if changed := begin_change(participant, entry, version):
        write(participant, entry)
        participant.sort_key = name_sort_key(entry.full_name)
        code = row_code(participant.number)
        record(Event.PARTICIPANT_CHANGE, participant, actor=actor, now=now, changed=changed, code=code)
        if "email" in changed:
            redirect_mails(participant, entry.email)
        if "agency_id" in changed:  # a place of the former agency's quota is free
            move_up(participant.training_class, now=now)


def remove_participant(participant: Participant, reason: str, *, actor: Actor | None, now: datetime) -> None:
    """Take somebody off the roster; the row, its code and its marks stay. Raises BadInput without a reason."""
    if not reason:
        raise BadInput(N_("Say why: the reason stays on record."), field="reason")
    take_turn()
    db.session.refresh(participant)
    if participant.active:
        participant.active, participant.removed_because = False, reason
        participant.version += 1
        code = row_code(participant.number)
        record(Event.PARTICIPANT_REMOVE, participant, actor=actor, now=now, code=code, reason=reason)
        redirect_mails(participant, "")
        move_up(participant.training_class, now=now)


def restore_participant(participant: Participant, *, actor: Actor | None, now: datetime) -> None:
    """Put somebody back on the roster under the same code; where no place is free, on the waiting list."""
    take_turn()
    db.session.refresh(participant)
    if not participant.active:
        participant.waiting_at = participant.waiting_at or (None if has_place_for(participant) else now)
        participant.active, participant.removed_because = True, ""
        participant.version += 1
        record(Event.PARTICIPANT_RESTORE, participant, actor=actor, now=now, code=row_code(participant.number))
        move_up(participant.training_class, now=now)


def _new_code(taken: set[str]) -> str:
    """A personal code that nobody of the class has; it is put among those taken."""
    while (code := "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))) in taken:
        pass
    taken.add(code)
    return code


def _with_people(entries: Sequence[Entry], class_id: int) -> list[Entry]:
    """The entries with the accounts they mean: the only active person of this name in the agency, once a class."""
    wanted = {entry.agency_id for entry in entries if entry.person_id is None and entry.agency_id is not None}
    known = people_named(wanted, class_id) if wanted else {}
    for entry in entries:
        if entry.person_id is not None:
            known = {key: row for key, row in known.items() if row.id != entry.person_id}
    found = []
    for entry in entries:
        row = known.pop((entry.agency_id or 0, fold(entry.full_name)), None) if entry.person_id is None else None
        if row is not None:
            email, phone = entry.email or row.email, entry.phone or row.phone
            entry = replace(entry, person_id=row.id, title=entry.title or row.title, email=email, phone=phone)
        found.append(entry)
    return found


def _with_agency(entry: Entry, known: Mapping[str, sa.Row[Any]]) -> Entry:
    """The entry with the province's agency that its typed name means, under that agency's own name."""
    agency = known.get(fold(entry.agency_name))
    return entry if agency is None else replace(entry, agency_id=agency.id, agency_name=agency.name)
