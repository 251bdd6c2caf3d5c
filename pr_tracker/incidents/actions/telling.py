"""Who hears of an incident, and of what: one table; never whoever acted. Hours count, so it is told at any hour."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.audit.actions import Actor
from pr_tracker.db import db
from pr_tracker.deadlines.queries_desks import Desk, Desks, desks, told_on
from pr_tracker.deadlines.rules import DueTime
from pr_tracker.deadlines.rules_ladder import Rung
from pr_tracker.incidents.models import Incident, IncidentEntry, IncidentShift, IncidentStatement
from pr_tracker.incidents.queries.visibility import newest_statement
from pr_tracker.incidents.rules_events import IncidentEvent
from pr_tracker.inquiries.rules_seal import ReviewStep
from pr_tracker.notices import actions as notices
from pr_tracker.notices.rules import NoticeKind


class Scene:
    """An incident at the moment of an act: its desks, who is on call, who wrote the statement."""

    def __init__(self, incident: Incident, data: dict[str, Any], now: datetime, at: Desks | None = None) -> None:
        self.incident, self.data, self.now = incident, data, now
        self.at = at or desks()

    @property
    def lead(self) -> Desk:
        """Who works for the lead agency; for UBND tỉnh the provincial office does."""
        own = self.at.of(self.incident.agency_id)
        if own.kind is not AgencyKind.PROVINCE:
            return own
        return Desk(own.kind, own.head, own.leaders, own.staff | self.office)

    @property
    def office(self) -> set[int]:
        """The staff of the provincial office, its leaders where it has none."""
        found = (desk.workers for desk in self.at.by_agency.values() if desk.kind is AgencyKind.PROVINCE_OFFICE)
        return set().union(*found)

    @property
    def on_call(self) -> set[int]:
        """Who is on call now; whoever works for the lead agency where nobody is."""
        return on_call_at(self.incident, self.now) or self.lead.workers

    @property
    def everybody(self) -> set[int]:
        """Lead agency, provincial office, and who is on call."""
        return self.lead.workers | self.lead.chiefs | self.office | self.on_call

    @property
    def named(self) -> set[int]:
        """The person the act names: on call, or with a task."""
        return {self.data["person_id"]}

    @property
    def authors(self) -> set[int]:
        """Who wrote the newest version, and who submitted it."""
        newest = newest_statement(self.incident)
        return {newest.author_id, newest.submitted_by_id or newest.author_id} if newest else set()

    @property
    def approvers(self) -> set[int]:
        """The leaders whose approval is awaited."""
        newest = newest_statement(self.incident)
        if newest is not None and newest.review_step is ReviewStep.PROVINCE:
            return self.at.chiefs_of(AgencyKind.PROVINCE) | self._leaders(AgencyKind.PROVINCE)
        return self.at.of(self.incident.agency_id).leaders

    def _leaders(self, kind: AgencyKind) -> set[int]:
        return set().union(*(desk.leaders for desk in self.at.by_agency.values() if desk.kind is kind))


@dataclass(frozen=True)
class Telling:
    """What an act is told as, and to whom; without `mail` it only stands in the bell."""

    kind: NoticeKind
    whom: Callable[[Scene], set[int]]
    mail: bool = True


K = NoticeKind
E = IncidentEvent
TABLE: dict[IncidentEvent, Telling] = {
    E.OPEN: Telling(K.INCIDENT_OPENED, lambda scene: scene.everybody),
    E.REOPEN: Telling(K.INCIDENT_OPENED, lambda scene: scene.everybody),
    E.SUBMIT: Telling(K.INCIDENT_SUBMITTED, lambda scene: scene.approvers - scene.authors),
    E.RETURN: Telling(K.INCIDENT_RETURNED, lambda scene: scene.authors | scene.on_call),
    E.APPROVE: Telling(K.INCIDENT_APPROVED, lambda scene: scene.authors | scene.on_call),
    E.RELEASE: Telling(K.INCIDENT_RELEASED, lambda scene: scene.everybody, mail=False),
    E.SHIFT_ADD: Telling(K.INCIDENT_ON_CALL, lambda scene: scene.named),
    E.TASK_ADD: Telling(K.INCIDENT_TASK, lambda scene: scene.named),
    E.CLOSE: Telling(K.INCIDENT_CLOSED, lambda scene: scene.everybody, mail=False),
}
WITHOUT_DUE = frozenset({E.RELEASE, E.CLOSE, E.SHIFT_ADD})


def on_call_at(incident: Incident, at: datetime) -> set[int]:
    """Who is on call at a moment."""
    one = IncidentShift
    query = sa.select(one.person_id).where(one.incident_id == incident.id, one.removed_at.is_(None))
    return set(db.session.scalars(query.where(one.from_at <= at, one.until_at > at)))


def tell_of(entry: IncidentEntry, incident: Incident, *, actor: Actor | None, now: datetime) -> None:
    """Tell of an act that stands in the chronology."""
    event = IncidentEvent(entry.event)
    telling = TABLE.get(event)
    if telling is None:
        return
    people = telling.whom(Scene(incident, entry.data, now)) - {actor.id if actor else 0}
    second = _awaits_second(incident) if event is E.APPROVE else False
    facts: dict[str, Any] = {} if event in WITHOUT_DUE else due_facts(incident)
    facts |= _said(event, entry.data) | {"actor": actor.full_name if actor else ""}
    put(incident, people, telling.kind, key=f"incident-entry:{entry.id}", now=now, mail=telling.mail, **facts)
    if second:
        leaders = Scene(incident, entry.data, now).approvers - {actor.id if actor else 0}
        put(incident, leaders, K.INCIDENT_SUBMITTED, key=f"incident-entry:{entry.id}:second", now=now, **facts)


def _awaits_second(incident: Incident) -> bool:
    newest: IncidentStatement | None = newest_statement(incident)
    return newest is not None and newest.review_step is ReviewStep.PROVINCE


def _said(event: IncidentEvent, data: dict[str, Any]) -> dict[str, Any]:
    match event:
        case E.SHIFT_ADD:
            return {"since_at": data["from_at"], "until_at": data["until_at"], "note": data.get("task") or None}
        case E.TASK_ADD:
            return {"note": data["what"], "due_at": data["due_at"]}
        case E.RETURN:
            return {"reason": data["reason"]}
        case _:
            return {}


def put(
    incident: Incident,
    people: Iterable[int],
    kind: NoticeKind,
    *,
    key: str,
    now: datetime,
    mail: bool = True,
    **data: Any,
) -> int:
    """Put a notice of an incident into the outbox; how many are new."""
    facts = {"code": incident.code, "subject": incident.title, "agency": incident.agency.name, **data}
    told = notices.tell(
        people,
        kind,
        key=key,
        about=incident,
        data={name: value for name, value in facts.items() if value is not None},
        now=now,
        path=f"/incidents/{incident.id}",
        urgent=True,
        mail=mail,
    )
    return len(told)


def due_facts(incident: Incident) -> dict[str, Any]:
    """The due minute as notices keep it, while the initial information is owed."""
    if incident.informed_at is not None or incident.ends_at is None:
        return {}
    return dict(DueTime(incident.due_on, incident.due_at, incident.ends_at).facts)


def reminded_of(incident: Incident, rung: Rung, now: datetime, at: Desks) -> set[int]:
    """Who is told on a rung: who is on call and the lead's head, the provincial office; then level by level."""
    scene = Scene(incident, {}, now, at)
    first = scene.on_call | scene.lead.chiefs
    if rung.level <= 1:
        return first | scene.office
    return told_on(rung, at, workers=first, chiefs=scene.lead.chiefs)
