"""Heads of the demo let others speak: papers that ended, one revoked, some in force, one to come, one prepared."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.db import db
from pr_tracker.demo.cast import OFFICE, PROVINCE, Cast
from pr_tracker.demo.plan import Act, Verb
from pr_tracker.inquiries.actions import authorising
from pr_tracker.inquiries.models import HistoryEntry, Inquiry
from pr_tracker.inquiries.queries.speaking import speakers_at
from pr_tracker.inquiries.rules import LED, Status
from pr_tracker.office_time import office_day, office_instant
from pr_tracker.spokespersons.actions_authorising import Grant, end
from pr_tracker.spokespersons.models import Authorisation
from pr_tracker.spokespersons.queries_rights import may_be_authorised
from pr_tracker.spokespersons.rules_authority import RightKind

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BACK = "Người đứng đầu đã về cơ quan, trực tiếp phát ngôn."
SCOPE = "Phát ngôn, cung cấp thông tin cho báo chí về nội dung hồ sơ {code}: {subject}."
People = Mapping[str, Person]


def along_the_way(act: Act, case: Inquiry, people: People, cast: Cast, given: list[Authorisation]) -> None:
    """With a few submissions the head, who will be away, lets somebody of the agency act and speak for some days."""
    if act.verb is not Verb.SUBMIT or act.case % 23 != 7 or any(made.inquiry_id == case.id for made in given):
        return
    person = _somebody_else(case, people, cast)
    if person is not None:
        given.append(_give(case, person, act.at, _evening(act.at) + 4 * DAY, 200 + act.case))


def end_over(given: list[Authorisation], at: datetime) -> None:
    """What was over by a moment has ended at its time, and both were told."""
    for made in [made for made in given if made.until_at <= at]:
        end(made, now=made.until_at)
        authorising.note_end(made, made.until_at)
        given.remove(made)


def by_paper(case: Inquiry, planned: Person, people: People, now: datetime) -> Person:
    """Whoever speaks by authority, where somebody does; else who was to, if they have the right; else the head."""
    rights = speakers_at(case, now)
    by_right = {right.person_id: right for right in rights}
    authorised = [right.person_id for right in rights if right.kind is RightKind.AUTHORISED]
    if authorised:
        return next(person for person in people.values() if person.id == authorised[0])
    head = case.lead_agency.head if case.lead_agency else None
    return planned if planned.id in by_right or head is None else head


def as_papers_stand(cases: Mapping[int, Inquiry], people: People, cast: Cast, moment: datetime) -> None:
    """Of the open cases two are in somebody's hands, one will be, one was, and one paper waits for its number."""
    moment = moment.replace(second=0, microsecond=0)
    until = _evening(moment) + 3 * DAY
    wanted: list[tuple[bool, Callable[[Inquiry, Person], object]]] = [
        (True, lambda case, person: _give(case, person, moment - HOUR, until, 41)),
        (True, lambda case, person: _give(case, person, moment - HOUR, until + DAY, 42)),
        (False, lambda case, person: _revoked(case, person, moment, until)),
        (False, lambda case, person: _give(case, person, moment, until + DAY, 44, begins_at=until - 2 * DAY)),
        (False, lambda case, person: _give(case, person, moment, until, None)),
    ]
    own = people["chuyenvien"].agency_id
    acted_on = sa.select(HistoryEntry.inquiry_id).where(HistoryEntry.at > moment - HOUR).distinct()
    busy = set(db.session.scalars(acted_on))
    led = [case for case in cases.values() if case.status in LED and case.id not in busy]
    for case in sorted(led, key=lambda case: case.lead_agency_id != own):
        person = _somebody_else(case, people, cast)
        if person is None:
            continue
        for plan in wanted:
            if plan[0] is (case.status is Status.IN_REVIEW):
                plan[1](case, person)
                wanted.remove(plan)
                break


def _evening(at: datetime) -> datetime:
    return office_instant(office_day(at)) + timedelta(hours=16, minutes=30)


def _somebody_else(case: Inquiry, people: People, cast: Cast) -> Person | None:
    """Somebody of the lead agency who may be authorised and does not work on the case."""
    lead = case.lead_agency
    if lead is None or lead.head is None or lead.code in (OFFICE, PROVINCE):
        return None
    eligible = {row.id for row in may_be_authorised(lead, lead.id)} - {case.officer_id}
    here = [people[person.local] for person in cast.agencies[lead.code].people]
    return next((person for person in reversed(here) if person.id in eligible), None)


def _give(
    case: Inquiry,
    person: Person,
    at: datetime,
    until: datetime,
    number: int | None,
    *,
    begins_at: datetime | None = None,
) -> Authorisation:
    words = SCOPE.format(code=case.code, subject=case.subject)
    grant = Grant(person.id, words, begins_at or at, until, shown_publicly=number == 41)
    agency = _lead(case)
    if number:
        grant = Grant(**vars(grant) | {"number": f"{number}/GUQ-{agency.code}", "signed_on": office_day(at)})
    assert agency.head is not None
    return authorising.authorise(case, grant, actor=agency.head, now=at)


def _revoked(case: Inquiry, person: Person, moment: datetime, until: datetime) -> None:
    made, head = _give(case, person, moment - HOUR, until, 43), _lead(case).head
    assert head is not None
    authorising.revoke(case, made, BACK, actor=head, now=moment - 10 * MINUTE)


def _lead(case: Inquiry) -> Agency:
    assert case.lead_agency is not None
    return case.lead_agency
