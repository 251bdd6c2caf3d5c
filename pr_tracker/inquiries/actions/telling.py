"""Who hears at once of an act on a case, and of what: one table. Never whoever did it, in person or as a substitute."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Person
from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.audit.actions import Actor
from pr_tracker.db import db
from pr_tracker.deadlines.rules import DueTime
from pr_tracker.deadlines.rules_rerun import Move
from pr_tracker.inquiries.models import Draft, HistoryEntry, Inquiry, Participation, Review
from pr_tracker.inquiries.models_parts import Contribution
from pr_tracker.inquiries.queries.desks import Desk, Desks, desks, handlers_of, responsible_for
from pr_tracker.inquiries.queries.reminding import office_time_from
from pr_tracker.inquiries.queries.seals import sealers_of
from pr_tracker.inquiries.queries.speaking import authorised_in
from pr_tracker.inquiries.queries.stops import find_asker
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_articles import Verdict
from pr_tracker.inquiries.rules_events import IN_THE_BOX, InquiryEvent
from pr_tracker.inquiries.rules_kinds import Part, Urgency
from pr_tracker.notices import actions as notices
from pr_tracker.notices.rules import NoticeKind


class Scene:
    """A case at the moment of an act: its desks, the agency the act names, who wrote and sealed the text or letter."""

    def __init__(self, inquiry: Inquiry, actor_id: int, data: Mapping[str, Any], now: datetime) -> None:
        self.inquiry, self.actor_id, self.agency_id, self.now = inquiry, actor_id, data.get("agency_id"), now
        self.part_id: int | None = data.get("part_id")
        self.letter_writer = {data["writer_id"]} if data.get("writer_id") else set[int]()
        self.at = desks()

    @property
    def handlers(self) -> set[int]:
        return handlers_of(self.inquiry, self.at)

    @property
    def responsible(self) -> set[int]:
        return responsible_for(self.inquiry, self.at)

    @property
    def lead(self) -> Desk:
        return self.at.of(self.inquiry.lead_agency_id)

    @property
    def named(self) -> set[int]:
        """Staff and head of the agency that the act names."""
        desk = self.at.of(self.agency_id)
        return desk.workers | desk.chiefs

    @cached_property
    def authors(self) -> set[int]:
        """Who wrote the newest version, or the same words before."""
        query = sa.select(Draft.text_digest, Draft.author_id).where(Draft.inquiry_id == self.inquiry.id)
        rows = db.session.execute(query.order_by(Draft.number.desc())).all()
        return {row.author_id for row in rows if row.text_digest == rows[0].text_digest}

    @property
    def province_leaders(self) -> set[int]:
        """The leadership of UBND tỉnh."""
        return self.at.leaders_of(AgencyKind.PROVINCE)

    @property
    def sealers(self) -> set[int]:
        """Whose seals stand."""
        return sealers_of(self.inquiry)

    @property
    def unsealed(self) -> set[int]:
        """Whose seals fell just now, and who wrote what they were on; nobody when none fell."""
        query = (
            sa.select(Review.reviewer_id, Draft.author_id)
            .join(Draft, Draft.id == Review.draft_id)
            .where(Draft.inquiry_id == self.inquiry.id, Review.voided_at == self.now)
        )
        return {person for row in db.session.execute(query) for person in row}

    @property
    def coordinators(self) -> set[int]:
        """The staff of the coordinating agencies."""
        query = sa.select(Participation.agency_id).where(Participation.inquiry_id == self.inquiry.id)
        agencies = db.session.scalars(
            query.where(Participation.part == Part.COORDINATING, Participation.ended_at.is_(None))
        )
        return set().union(*(self.at.of(agency_id).workers for agency_id in agencies))

    @cached_property
    def box_authors(self) -> set[int]:
        """Who wrote the newest version in the box that the act is about."""
        query = sa.select(Contribution.author_id).where(Contribution.participation_id == self.part_id)
        author_id = db.session.scalar(query.order_by(Contribution.number.desc()).limit(1))
        return {author_id} & self.at.of(self.agency_id).people if author_id else set()

    @property
    def box_leaders(self) -> set[int]:
        """Who approves what is in the box: the leaders of its agency but whoever wrote it; its head in any case."""
        desk = self.at.of(self.agency_id)
        return (desk.leaders - self.box_authors) | desk.chiefs

    @property
    def whom_a_correction_touches(self) -> set[int]:
        """Who works on the answer and wrote it; its approvers where it is before them or approved already."""
        decided = self.inquiry.status in (Status.IN_REVIEW, Status.APPROVED)
        return self.handlers | self.authors | (self.lead.leaders if decided else set())

    @property
    def authorised(self) -> set[int]:
        """Who acts by authority of the lead agency's head now."""
        return set(authorised_in(self.inquiry, self.now))

    @property
    def deciders(self) -> set[int]:
        """Another leader of the lead agency, else the head of the provincial office."""
        others = self.lead.leaders - {self.actor_id}
        return others or self.at.chiefs_of(AgencyKind.PROVINCE_OFFICE)

    @property
    def waiting_for_days(self) -> set[int]:
        """Who works on the case, and who asked for the extension that was decided on."""
        person_id = find_asker(self.inquiry)
        return self.handlers | ({person_id} if person_id else set())

    def seeing(self, people: set[int]) -> set[int]:
        """Those of the people who may see the case today: who went to another agency hears nothing of it."""
        near = self.at.of_province | self.lead.people | self.at.of(self.agency_id).people
        if people <= near:
            return people
        query = sa.select(Participation.agency_id).where(Participation.inquiry_id == self.inquiry.id)
        agencies = db.session.scalars(query.where(Participation.ended_at.is_(None)))
        return people & self.at.of_province.union(*(self.at.of(agency_id).people for agency_id in agencies))

    @property
    def everybody_working(self) -> set[int]:
        """Who works on the case, and the staff of agencies that still owe their part."""
        still_owe = (Participation.ended_at.is_(None), Participation.sent_at.is_(None))
        query = sa.select(Participation.agency_id).where(Participation.inquiry_id == self.inquiry.id, *still_owe)
        agencies = db.session.scalars(query.where(Participation.part == Part.COORDINATING))
        return self.handlers.union(*(self.at.of(agency_id).workers for agency_id in agencies))


@dataclass(frozen=True)
class Telling:
    """What an act is told as, and to whom; without `mail` it only stands in the bell; `when` its data say so."""

    kind: NoticeKind
    whom: Callable[[Scene], set[int]]
    mail: bool = True
    when: Callable[[dict[str, Any]], bool] = lambda _data: True


K = NoticeKind
TABLE: dict[InquiryEvent, Telling] = {
    InquiryEvent.ASSIGN: Telling(K.ASSIGNED, lambda case: case.handlers | case.responsible),
    InquiryEvent.TAKE_CASE: Telling(K.ASSIGNED, lambda case: case.handlers),
    InquiryEvent.TAKE_OVER: Telling(K.ASSIGNED, lambda case: case.responsible),
    InquiryEvent.ASK_TAKE_OVER: Telling(K.TAKE_OVER_ASKED, lambda case: case.named),
    InquiryEvent.ACCEPT_TAKE_OVER: Telling(K.ASSIGNED, lambda case: case.handlers | case.responsible),
    InquiryEvent.DECLINE_TAKE_OVER: Telling(K.TAKE_OVER_DECLINED, lambda case: case.handlers),
    InquiryEvent.COORDINATE: Telling(K.COORDINATION_ASKED, lambda case: case.named),
    InquiryEvent.ASK_AGAIN: Telling(K.COORDINATION_ASKED, lambda case: case.named),
    InquiryEvent.ASK_BACK: Telling(K.PART_ASKED_BACK, lambda case: case.named),
    InquiryEvent.SUBMIT_PART: Telling(K.PART_SUBMITTED, lambda case: case.box_leaders),
    InquiryEvent.RETURN_PART: Telling(K.PART_RETURNED, lambda case: case.box_authors),
    InquiryEvent.CONTRIBUTE: Telling(K.COORDINATION_SENT, lambda case: case.handlers),
    InquiryEvent.CORRECT_PART: Telling(K.PART_CORRECTED, lambda case: case.whom_a_correction_touches),
    InquiryEvent.SUBMIT: Telling(K.SUBMITTED, lambda case: (case.lead.leaders | case.authorised) - case.authors),
    InquiryEvent.DRAFT: Telling(
        K.SEAL_VOIDED, lambda case: case.unsealed, when=lambda data: bool(data.get("voids_approval"))
    ),
    InquiryEvent.RETURN: Telling(
        K.RETURNED,
        lambda case: case.handlers | case.authors | {case.inquiry.logged_by_id} | case.unsealed | case.coordinators,
    ),
    InquiryEvent.ENDORSE: Telling(K.PROVINCE_ASKED, lambda case: case.province_leaders - case.authors),
    InquiryEvent.REOPEN: Telling(
        K.PROVINCE_ASKED, lambda case: case.province_leaders | case.handlers | case.authors | case.sealers
    ),
    InquiryEvent.APPROVE: Telling(K.APPROVED, lambda case: case.handlers | case.authors | case.sealers),
    InquiryEvent.RELEASE: Telling(K.RELEASED, lambda case: {case.inquiry.logged_by_id}, mail=False),
    InquiryEvent.REFUSE: Telling(K.REFUSED, lambda case: case.everybody_working | {case.inquiry.logged_by_id}),
    InquiryEvent.WITHDRAW: Telling(K.WITHDRAWN, lambda case: case.everybody_working),
    InquiryEvent.PAUSE: Telling(K.PAUSED, lambda case: case.handlers | case.responsible),
    InquiryEvent.RESUME: Telling(K.RESUMED, lambda case: case.handlers | case.responsible),
    InquiryEvent.ASK_EXTENSION: Telling(K.EXTENSION_ASKED, lambda case: case.deciders),
    InquiryEvent.GRANT_EXTENSION: Telling(K.EXTENSION_GRANTED, lambda case: case.waiting_for_days | case.responsible),
    InquiryEvent.DECLINE_EXTENSION: Telling(
        K.EXTENSION_DECLINED, lambda case: case.waiting_for_days | case.responsible
    ),
    InquiryEvent.URGE: Telling(K.URGED, lambda case: case.handlers | case.responsible),
    InquiryEvent.JOIN_INCIDENT: Telling(K.INCIDENT_JOINED, lambda case: case.handlers | case.responsible),
    InquiryEvent.LEAVE_INCIDENT: Telling(K.INCIDENT_LEFT, lambda case: case.handlers | case.responsible),
    InquiryEvent.COMMENT: Telling(K.COMMENTED, lambda case: case.handlers, mail=False),
    InquiryEvent.ARTICLE_JUDGE: Telling(
        K.ARTICLE_WRONG,
        lambda case: case.handlers | case.responsible,
        when=lambda data: data.get("verdict") == Verdict.WRONG,
    ),
    InquiryEvent.LETTER: Telling(
        K.LETTER_WRITTEN, lambda case: (case.lead.leaders | case.authorised) - case.letter_writer
    ),
    InquiryEvent.LETTER_RETURN: Telling(K.LETTER_RETURNED, lambda case: case.handlers | case.letter_writer),
    InquiryEvent.LETTER_APPROVE: Telling(K.LETTER_APPROVED, lambda case: case.handlers | case.letter_writer),
}
AFTERWARDS = frozenset(
    {
        InquiryEvent.ARTICLE_JUDGE,
        InquiryEvent.LETTER,
        InquiryEvent.LETTER_RETURN,
        InquiryEvent.LETTER_APPROVE,
    }
)
OVER = frozenset({InquiryEvent.RELEASE, InquiryEvent.REFUSE, InquiryEvent.WITHDRAW}) | AFTERWARDS  # nothing is due
# What an act is told as to others besides.
ALSO: dict[InquiryEvent, Telling] = {
    InquiryEvent.CONTRIBUTE: Telling(K.PART_APPROVED, lambda case: case.box_authors, mail=False),
    InquiryEvent.CORRECT_PART: Telling(K.PART_APPROVED, lambda case: case.box_authors, mail=False),
}
ABOUT_A_BOX = frozenset({InquiryEvent.COORDINATE, InquiryEvent.ASK_AGAIN, InquiryEvent.ASK_BACK, *IN_THE_BOX})


def tell_of(
    entry: HistoryEntry, inquiry: Inquiry, *, actor: Person | None, absent: Collection[int], now: datetime
) -> None:
    """Tell of an act that stands in history. `absent`: those for whom the actor stands in today."""
    event = InquiryEvent(entry.event)
    actor_id = actor.id if actor else 0
    told: set[int] = {actor_id, *absent}
    tellings = [telling for telling in (ALSO.get(event), TABLE.get(event)) if telling and telling.when(entry.data)]
    if not tellings:
        return
    scene = Scene(inquiry, actor_id, entry.data, now)
    for telling in tellings:
        people = scene.seeing(telling.whom(scene) - told)
        facts = _facts(inquiry, entry.data, actor) | ({} if event in OVER else _due(inquiry, entry))
        box = f"/parts/{scene.part_id}" if event in ABOUT_A_BOX else ""
        key = f"history:{entry.id}" if telling is TABLE[event] else f"history:{entry.id}:also"
        _tell(people, telling.kind, inquiry, facts, key=key, now=now, mail=telling.mail, path_in_case=box)
        told |= people


def tell_of_moves(moves: Sequence[Move], *, why: str, actor: Actor | None, now: datetime) -> None:
    """Tell of due times that a calendar or a rule moved: whoever works on the case and its head, or the part's."""
    query = sa.select(Inquiry).where(Inquiry.id.in_({move.clock.guard[1] for move in moves}))
    cases = {case.id: case for case in db.session.scalars(query)}
    at, opens_at = desks(), office_time_from(now)
    for move in moves:
        clock, case = move.clock, cases[move.clock.guard[1]]
        is_part, desk = clock.kind == Participation.__tablename__, at.of(clock.agency_id)
        people = desk.workers | desk.chiefs if is_part else handlers_of(case, at) | responsible_for(case, at)
        before, after = (due.facts if due else {} for due in (move.old_due, move.new_due))
        old = {f"old{name.removeprefix('due')}": when for name, when in before.items()}
        facts = {"agency": clock.agency, "note": why, "clock": clock.deadline.key, **old, **after}
        facts |= {"code": case.code, "subject": case.subject, "actor": actor.full_name if actor else ""}
        key = f"{clock.kind}:{clock.id}:moved:{now.isoformat()}"
        _tell(people - {actor.id if actor else 0}, NoticeKind.MOVED, case, facts, key=key, now=now, opens_at=opens_at)


def tell_of_new_head(entry: HistoryEntry, inquiry: Inquiry, at: Desks) -> None:
    """Tell the new head and whoever works on the case that another person is responsible."""
    assert inquiry.responsible is not None
    people = handlers_of(inquiry, at) | {inquiry.responsible.id}
    facts = {**_facts(inquiry, entry.data, inquiry.responsible), **_due(inquiry, entry)}
    _tell(people, NoticeKind.NEW_HEAD, inquiry, facts, key=f"history:{entry.id}", now=entry.at)


def _tell(
    people: set[int],
    kind: NoticeKind,
    inquiry: Inquiry,
    facts: dict[str, Any],
    *,
    key: str,
    now: datetime,
    mail: bool = True,
    opens_at: datetime | None = None,
    path_in_case: str = "",
) -> None:
    """At once where hours count, else the mail waits for the office to open: `opens_at`, when the caller knows it."""
    if not people:
        return
    is_urgent = inquiry.due_at is not None or inquiry.urgency is not Urgency.NORMAL
    notices.tell(
        people,
        kind,
        key=key,
        about=inquiry,
        data=facts,
        now=now,
        path=f"/inquiries/{inquiry.id}{path_in_case or ('#afterwards' if facts.get('outlet') else '')}",
        urgent=is_urgent,
        mail=mail,
        mail_after=None if is_urgent or not mail else opens_at or office_time_from(now),
    )


def _facts(inquiry: Inquiry, data: dict[str, Any], actor: Person | None) -> dict[str, Any]:
    lead = inquiry.lead_agency or inquiry.intake_agency
    facts = {
        "code": inquiry.code,
        "subject": inquiry.subject,
        "outlet": data.get("outlet"),
        "letter": data.get("letter"),
        "actor": actor.full_name if actor else "",
        "agency": data.get("agency") or lead.name,
        "clock": None if data.get("letter") or data.get("article") else inquiry.clock_key,
        "reason": data.get("reason"),
        "incident": data.get("incident"),
        "note": next((data[name] for name in ("note", "task", "text", "words") if data.get(name)), None),
        "until_on": data.get("until"),
    }
    return {name: value for name, value in facts.items() if value}


def _due(inquiry: Inquiry, entry: HistoryEntry) -> dict[str, str]:
    """When it is due: of a box its own due time, if it is still owed; else that of the case."""
    if entry.event in ABOUT_A_BOX:
        when = entry.data.get("due")
        return {"due_at" if "T" in when else "due_on": when} if when else {}
    return DueTime(inquiry.due_on, inquiry.due_at, inquiry.ends_at).facts
