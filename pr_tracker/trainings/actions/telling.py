"""Tell participants and their agencies: by mail to whoever has no account, by the bell as well to whoever has one."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from pr_tracker.db import Base
from pr_tracker.deadlines.queries_desks import desks
from pr_tracker.notices.actions import Letter, send_letters
from pr_tracker.notices.rules import NoticeKind
from pr_tracker.trainings.models import TrainingClass
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.queries.invitations import first_session_of

Kind = NoticeKind
Facts = dict[str, Any]


def tell_participants(people: Iterable[Participant], kind: NoticeKind, facts: Facts, *, now: datetime) -> int:
    """Tell participants, by the bell and mail of their account or by their address; returns how many it reaches."""
    letters = [
        Letter(
            key=f"{kind}:{one.id}:{now.isoformat()}",
            about=one,
            data=facts | {"name": one.full_name, "own_code": one.personal_code},
            path=f"/my-class/{one.token}",
            person_id=one.person_id,
            address=one.email,
            addressee=one.full_name,
        )
        for one in people
        if one.person_id is not None or one.email
    ]
    return send_letters(letters, kind, now=now)


def tell_agencies(
    one: TrainingClass, kind: NoticeKind, by_agency: Mapping[int, Facts], *, about: Base | None = None, now: datetime
) -> int:
    """Tell the head and the staff of agencies, each agency its own facts; returns how many people are told."""
    at = desks(list(by_agency)) if by_agency else None
    letters = [
        Letter(
            key=f"{kind}:{one.id}:{agency_id}:{now.isoformat()}",
            about=about or one,
            data=facts,
            path=f"/nominations/{one.id}",
            person_id=person_id,
        )
        for agency_id, facts in by_agency.items()
        if at is not None
        for person_id in sorted(at.of(agency_id).chiefs | at.of(agency_id).workers)
    ]
    return send_letters(letters, kind, now=now)


def tell_moved_up(one: TrainingClass, moved: Sequence[Participant], *, now: datetime) -> None:
    """Who moved up from the waiting list is told, and the agency that named them."""
    facts = class_facts(one)
    tell_participants(moved, Kind.CLASS_MOVED_UP, facts, now=now)
    names: dict[int, list[str]] = {}
    for row in moved:
        if row.agency_id is not None:
            names.setdefault(row.agency_id, []).append(row.full_name)
    by_agency = {agency_id: facts | {"name": ", ".join(people)} for agency_id, people in names.items()}
    tell_agencies(one, Kind.CLASS_MOVED_UP, by_agency, now=now)


def class_facts(one: TrainingClass) -> Facts:
    """What a notice says of a class: its name, when it begins, where."""
    first = first_session_of(one.id)
    facts: Facts = {"subject": f"{one.course.title}, {one.name}"}
    if first is not None:
        facts["starts_at"] = first.starts_at.isoformat()
    if place := one.place or (first.place if first else ""):
        facts["place"] = place
    return facts
