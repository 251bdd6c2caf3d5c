"""Who hears of a duty, and of what: when it opens, when it is done, when its due time moves, on each rung."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.audit.actions import Actor
from pr_tracker.deadlines.queries_desks import Desk, Desks, desks, told_on
from pr_tracker.deadlines.rules import DueTime
from pr_tracker.deadlines.rules_ladder import Rung
from pr_tracker.duties import queries
from pr_tracker.duties.models import Duty
from pr_tracker.duties.rules import DutyKind, subject_of
from pr_tracker.notices import actions as notices
from pr_tracker.notices.rules import NoticeKind
from pr_tracker.office_time import write_day


def tell_of(
    duty: Duty,
    kind: NoticeKind,
    *,
    key: str,
    actor: Actor | None,
    now: datetime,
    chiefs_only: bool = False,
    due: bool = True,
    **data: Any,
) -> None:
    """Tell the desk that does the duty, never whoever acted; a due time of hours is told at any hour."""
    desk = desk_of(duty, desks())
    people = (desk.chiefs if chiefs_only else desk.workers | desk.chiefs) - {actor.id if actor else 0}
    name = actor.full_name if actor else ""
    put(duty, people, kind, key=f"duty:{duty.id}:{key}", now=now, due=due, actor=name, **data)


def desk_of(duty: Duty, at: Desks) -> Desk:
    """Who does a duty: its agency; for UBND tỉnh the provincial office, whose head answers for it."""
    if duty.agency.kind is not AgencyKind.PROVINCE:
        return at.of(duty.agency_id)
    offices = (desk for desk in at.by_agency.values() if desk.kind is AgencyKind.PROVINCE_OFFICE)
    return next(offices, at.of(duty.agency_id))


def reminded_of(duty: Duty, rung: Rung, at: Desks) -> set[int]:
    """Who is told of a duty on a rung: few people, others at each level."""
    desk = desk_of(duty, at)
    return told_on(rung, at, workers=desk.workers, chiefs=desk.chiefs)


def put(
    duty: Duty, people: Iterable[int], kind: NoticeKind, *, key: str, now: datetime, due: bool = True, **data: Any
) -> int:
    """Put a notice of a duty into the outbox; how many are new. Days wait for office hours, hours do not."""
    facts = {
        "code": duty.kind.value,
        "subject": subject_of_duty(duty),
        "agency": duty.agency.name,
        **(due_of(duty).facts if due else {}),
        **data,
    }
    told = notices.tell(
        people,
        kind,
        key=key,
        about=duty,
        data=facts,
        now=now,
        path=f"/duties/{duty.id}",
        urgent=duty.due_at is not None,
        mail_after=queries.office_time_from(now),
    )
    return len(told)


def subject_of_duty(duty: Duty) -> str:
    """What tells this duty from others of its kind: the month, the year, the conference, the name."""
    if duty.kind is DutyKind.QUARTERLY:
        return f"{subject_of(duty.kind, duty.period)} → {write_day(due_of(duty).day)}"
    named = duty.conference.title if duty.conference else duty.decision.full_name if duty.decision else ""
    return named or subject_of(duty.kind, duty.period)


def due_of(duty: Duty) -> DueTime:
    """The due time as a rule's value."""
    return DueTime(duty.due_on, duty.due_at, duty.ends_at)
