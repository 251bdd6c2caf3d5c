"""Who handles a case: lead agency and its responsible head, take-over, coordination, watchers, comments."""

from datetime import datetime

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput, NotAllowed
from pr_tracker.inquiries.actions.beats import (
    add_part,
    begin,
    clock_for,
    current_part,
    current_parts,
    end_part,
    give_part,
    note,
    set_clock,
    tell,
)
from pr_tracker.inquiries.models import Comment, Inquiry, Participation
from pr_tracker.inquiries.queries.case import last_urged_at
from pr_tracker.inquiries.rules import Step
from pr_tracker.inquiries.rules_events import InquiryEvent, require_not_just_urged
from pr_tracker.inquiries.rules_kinds import INTERNAL_KEYS, Part, require_text


def assign(
    inquiry: Inquiry, agency: Agency, *, actor: Person, now: datetime, note_text: str = "", seen: int | None = None
) -> None:
    """Give the case to a lead agency; its head is the responsible person at once (Decree 244/2026/NĐ-CP Art 8(1)).

    The province's office assigns to any agency, others only to their own. Raises BadInput, NotAllowed.
    """
    status, who = begin(inquiry, Step.ASSIGN, actor=actor, seen=seen, now=now)
    if not who.follows_province and agency.id != actor.agency_id:
        raise NotAllowed(N_("Only the provincial office assigns to other agencies; ask the agency to take over."))
    _make_lead(inquiry, agency, actor=actor, now=now)
    inquiry.status = status
    assert inquiry.responsible is not None
    tell(
        inquiry,
        InquiryEvent.ASSIGN,
        actor=actor,
        now=now,
        agency=agency.name,
        responsible=inquiry.responsible.full_name,
        note=note_text,
    )


def _make_lead(inquiry: Inquiry, agency: Agency, *, actor: Person, now: datetime) -> None:
    if not agency.active or agency.head is None:
        raise BadInput(
            N_("%(agency)s has no head on record, so nobody would be responsible. Ask an administrator."),
            field="agency_id",
            agency=agency.name,
        )
    parts = {(one.agency_id, one.part): one for one in current_parts(inquiry)}
    ended = {(agency.id, Part.COORDINATING), (agency.id, Part.WATCHING)}
    ended |= {place for place in parts if place[1] is Part.ASKED}
    if inquiry.lead_agency is not None and inquiry.lead_agency is not agency:
        ended.add((inquiry.lead_agency.id, Part.LEAD))
    for place in ended & parts.keys():
        parts[place].ended_at = now
    if (agency.id, Part.LEAD) not in parts:
        add_part(inquiry, agency, Part.LEAD, actor=actor, now=now)
    inquiry.lead_agency, inquiry.responsible = agency, agency.head
    if inquiry.officer is not None and inquiry.officer.agency_id != agency.id:
        inquiry.officer = None
    if inquiry.clock_key in INTERNAL_KEYS:
        _recount(inquiry, agency, actor=actor, now=now)


def _recount(inquiry: Inquiry, agency: Agency, *, actor: Person, now: datetime) -> None:
    """The internal term is the lead agency's own: another lead may mean another due day; stops and extensions stay."""
    before, like = inquiry.due_on, inquiry.deadline
    set_clock(inquiry, clock_for(inquiry.kind, inquiry.started_at, agency.id, like=like), now=now)
    if before and inquiry.due_on and before != inquiry.due_on:
        note(
            inquiry,
            InquiryEvent.DEADLINE,
            actor=actor,
            now=now,
            old=before.isoformat(),
            new=inquiry.due_on.isoformat(),
            agency=agency.name,
        )


def take_case(inquiry: Inquiry, officer: Person, *, actor: Person, now: datetime, seen: int | None = None) -> None:
    """Name the case officer: oneself, or somebody of the lead agency. Raises BadInput, NotAllowed."""
    _, who = begin(inquiry, Step.TAKE_OVER, actor=actor, seen=seen, now=now)
    if not who.leads or officer.agency_id != inquiry.lead_agency_id or not officer.active:
        raise BadInput(N_("The case officer must be somebody of the lead agency."), field="officer_id")
    inquiry.officer = officer
    tell(inquiry, InquiryEvent.TAKE_CASE, actor=actor, now=now, officer=officer.full_name)


def take_over(inquiry: Inquiry, *, actor: Person, now: datetime, seen: int | None = None) -> None:
    """The actor's agency becomes the lead agency, the actor the case officer. Raises BadInput, NotAllowed."""
    status, _ = begin(inquiry, Step.TAKE_OVER, actor=actor, seen=seen, now=now)
    old = inquiry.lead_agency.name if inquiry.lead_agency else ""
    _make_lead(inquiry, actor.agency, actor=actor, now=now)
    inquiry.officer = actor
    inquiry.status = status
    tell(inquiry, InquiryEvent.TAKE_OVER, actor=actor, now=now, agency=actor.agency.name, old=old)


def ask_take_over(
    inquiry: Inquiry, agency: Agency, reason: str, *, actor: Person, now: datetime, seen: int | None = None
) -> None:
    """Ask another agency to lead; it accepts or declines. Raises BadInput when it leads or was asked already."""
    begin(inquiry, Step.ASK_TAKE_OVER, actor=actor, seen=seen, now=now)
    if agency.id == inquiry.lead_agency_id or current_part(inquiry, agency, Part.ASKED):
        raise BadInput(N_("This agency leads already, or has been asked."), field="agency_id")
    asked = give_part(inquiry, agency, Part.ASKED, actor=actor, now=now)
    asked.task = require_text(reason, "reason")
    named = {"agency": agency.name, "agency_id": agency.id}
    tell(inquiry, InquiryEvent.ASK_TAKE_OVER, actor=actor, now=now, **named, reason=asked.task)


def answer_request(
    inquiry: Inquiry, *, accepts: bool, reason: str, actor: Person, now: datetime, seen: int | None = None
) -> None:
    """The asked agency accepts and leads, or declines with a reason. Raises BadInput, NotAllowed."""
    status, who = begin(inquiry, Step.TAKE_OVER, actor=actor, seen=seen, now=now)
    if Part.ASKED not in who.parts:
        raise NotAllowed(N_("This agency has not been asked to take over."))
    if accepts:
        old = inquiry.lead_agency.name if inquiry.lead_agency else ""
        _make_lead(inquiry, actor.agency, actor=actor, now=now)
        inquiry.status = status
        tell(inquiry, InquiryEvent.ACCEPT_TAKE_OVER, actor=actor, now=now, agency=actor.agency.name, old=old)
        return
    why = require_text(reason, "reason")
    tell(inquiry, InquiryEvent.DECLINE_TAKE_OVER, actor=actor, now=now, agency=actor.agency.name, reason=why)
    end_part(inquiry, actor.agency, Part.ASKED, now=now)


def add_watcher(inquiry: Inquiry, agency: Agency, *, actor: Person, now: datetime, seen: int | None = None) -> None:
    """Let an agency follow the case for information. Raises BadInput when it sees it already."""
    begin(inquiry, Step.WATCH, actor=actor, seen=seen, now=now)
    taken = db.session.scalar(
        sa.select(Participation.id).where(
            Participation.inquiry_id == inquiry.id,
            Participation.agency_id == agency.id,
            Participation.ended_at.is_(None),
        )
    )
    if taken is not None:
        raise BadInput(N_("This agency sees the inquiry already."), field="agency_id")
    give_part(inquiry, agency, Part.WATCHING, actor=actor, now=now)
    tell(inquiry, InquiryEvent.WATCH, actor=actor, now=now, agency=agency.name)


def end_watcher(inquiry: Inquiry, agency: Agency, *, actor: Person, now: datetime, seen: int | None = None) -> None:
    """An agency follows the case no longer. Raises BadInput when it does not follow."""
    begin(inquiry, Step.WATCH, actor=actor, seen=seen, now=now)
    if current_part(inquiry, agency, Part.WATCHING) is None:
        raise BadInput(N_("This agency does not follow the inquiry."), field="agency_id")
    end_part(inquiry, agency, Part.WATCHING, now=now)
    tell(inquiry, InquiryEvent.UNWATCH, actor=actor, now=now, agency=agency.name)


def comment(inquiry: Inquiry, text: str, *, actor: Person, now: datetime) -> Comment:
    """A remark inside the house; disturbs nobody's work. Raises BadInput for an empty one."""
    begin(inquiry, Step.COMMENT, actor=actor, seen=None, now=now)
    written = Comment(inquiry_id=inquiry.id, author_id=actor.id, at=now, text=require_text(text, "text"))
    db.session.add(written)
    note(inquiry, InquiryEvent.COMMENT, actor=actor, now=now, text=written.text)
    return written


def urge(inquiry: Inquiry, words: str, *, actor: Person, now: datetime, seen: int | None = None) -> None:
    """Remind the lead agency with a word (đôn đốc); its officer and head are told at once. Raises BadInput, NotAllowed.

    Disturbs nobody's work, and comes from one person at most every four hours.
    """
    begin(inquiry, Step.URGE, actor=actor, seen=seen, now=now)
    assert inquiry.lead_agency is not None
    require_not_just_urged(last_urged_at(inquiry, actor), now)
    note(
        inquiry,
        InquiryEvent.URGE,
        actor=actor,
        now=now,
        agency=inquiry.lead_agency.name,
        note=require_text(words, "note"),
    )
