"""Log an inquiry: number, questions, who asks, the clock; acknowledge it; keep its files."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.audit.actions import take_turn
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput, NotAllowed
from pr_tracker.files import store
from pr_tracker.inquiries.actions import handling
from pr_tracker.inquiries.actions.beats import add_part, begin, clock_for, due_data, index_text, note, set_clock, tell
from pr_tracker.inquiries.models import Attachment, Inquiry, Question
from pr_tracker.inquiries.rules import Step
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.inquiries.rules_kinds import (
    KINDS_WITH_OWN_START,
    Channel,
    Kind,
    Part,
    Sensitivity,
    Urgency,
    require_text,
)
from pr_tracker.office_time import in_office
from pr_tracker.outlets.models import Journalist, Outlet
from pr_tracker.permissions import Permission

MOST_QUESTIONS, LONGEST_QUESTION = 30, 4000


@dataclass(frozen=True)
class NewInquiry:
    """What is known when a journalist asks; instants are aware."""

    subject: str
    questions: list[str]
    outlet: Outlet
    journalists: list[Journalist]
    channel: Channel
    kind: Kind
    received_at: datetime
    started_at: datetime | None = None  # for an incident or divided opinion; else the clock starts on receipt
    acknowledged_at: datetime | None = None
    wanted_at: datetime | None = None
    urgency: Urgency = Urgency.NORMAL
    sensitivity: Sensitivity = Sensitivity.NORMAL
    parent: Inquiry | None = None
    form_token: str | None = None


def log_inquiry(new: NewInquiry, *, actor: Person, now: datetime, lead: Agency | None = None) -> Inquiry:
    """A new case with its number and clock; with `lead` it is assigned at once.

    Raises NotAllowed, or BadInput naming the field.
    """
    if not actor.may(Permission.INQUIRY_LOG):
        raise NotAllowed(N_("This account may look but not act."))
    _require_sound(new, now)
    take_turn()  # before the year's counter, as everywhere: two locks, one order
    started_at = (new.started_at if new.kind in KINDS_WITH_OWN_START else None) or new.received_at
    deadline = clock_for(new.kind, started_at, (lead or actor.agency).id)
    inquiry = _new_case(new, started_at, actor=actor, now=now)
    set_clock(inquiry, deadline, now=now)
    db.session.add(inquiry)
    db.session.flush()
    add_part(inquiry, actor.agency, Part.INTAKE, actor=actor, now=now)
    index_text(inquiry, is_new=True)
    note(
        inquiry,
        InquiryEvent.LOG,
        actor=actor,
        now=now,
        code=inquiry.code,
        channel=new.channel,
        **due_data(inquiry),
        **({"parent": new.parent.code} if new.parent else {}),
    )
    if lead is not None:
        handling.assign(inquiry, lead, actor=actor, now=now)
    return inquiry


def _new_case(new: NewInquiry, started_at: datetime, *, actor: Person, now: datetime) -> Inquiry:
    return Inquiry(
        year=in_office(now).year,
        number=_next_number(in_office(now).year),
        subject=require_text(new.subject, "subject"),
        kind=new.kind,
        channel=new.channel,
        urgency=new.urgency,
        sensitivity=new.sensitivity,
        outlet=new.outlet,
        journalists=list(new.journalists),
        journalist_names=", ".join(journalist.full_name for journalist in new.journalists),
        questions=[Question(position=at, text=text) for at, text in enumerate(new.questions, 1)],
        parent=new.parent,
        form_token=new.form_token,
        received_at=new.received_at,
        started_at=started_at,
        logged_at=now,
        acknowledged_at=new.acknowledged_at,
        wanted_at=new.wanted_at,
        logged_by=actor,
        intake_agency=actor.agency,
    )


def _require_questions(questions: list[str]) -> None:
    if not questions:
        raise BadInput(N_("Write at least one question."), field="questions")
    if len(questions) > MOST_QUESTIONS:
        message = N_("At most %(most)s questions, one per line; attach a longer list as a file.")
        raise BadInput(message, field="questions", most=MOST_QUESTIONS)
    if max(map(len, questions)) > LONGEST_QUESTION:
        message = N_("A question has at most %(longest)s characters; attach a longer text as a file.")
        raise BadInput(message, field="questions", longest=LONGEST_QUESTION)


def _require_sound(new: NewInquiry, now: datetime) -> None:
    _require_questions(new.questions)
    for field, moment in (
        ("received_at", new.received_at),
        ("started_at", new.started_at),
        ("acknowledged_at", new.acknowledged_at),
    ):
        if moment is not None and moment > now:
            raise BadInput(N_("This moment is still to come."), field=field)
    if new.acknowledged_at is not None and new.acknowledged_at < new.received_at:
        raise BadInput(N_("This is before the inquiry was received."), field="acknowledged_at")
    if new.wanted_at is not None and new.wanted_at <= new.received_at:
        raise BadInput(N_("This is before the inquiry was received."), field="wanted_at")
    if any(journalist.outlet_id != new.outlet.id for journalist in new.journalists):
        raise BadInput(N_("This journalist works for another outlet."), field="journalists")


def _next_number(year: int) -> int:
    """The year's next number; the row stays locked until the transaction ends, so none is lost or given twice."""
    statement = sa.text(
        "INSERT INTO inquiry_numbers (year, last) VALUES (:year, 1) "
        "ON CONFLICT (year) DO UPDATE SET last = inquiry_numbers.last + 1 RETURNING last"
    )
    number: int = db.session.execute(statement, {"year": year}).scalar_one()
    return number


def acknowledge(inquiry: Inquiry, at: datetime, *, actor: Person, now: datetime, seen: int | None = None) -> None:
    """The journalist was told that the inquiry has been received. Raises BadInput for an impossible moment."""
    begin(inquiry, Step.ACKNOWLEDGE, actor=actor, seen=seen, now=now)
    if not inquiry.received_at <= at <= now:
        raise BadInput(N_("This must lie between receipt and now."), field="acknowledged_at")
    inquiry.acknowledged_at = at
    tell(inquiry, InquiryEvent.ACKNOWLEDGE, actor=actor, now=now, at=at.isoformat())


def attach(
    inquiry: Inquiry, file_name: str, content: bytes, *, folder: Path, largest: int, actor: Person, now: datetime
) -> Attachment:
    """Keep a file under a random name in `folder`; `largest` in megabytes. Raises BadInput for a type or size."""
    begin(inquiry, Step.ATTACH, actor=actor, seen=None, now=now)
    stored = store(file_name, content, folder=folder, largest=largest)
    attachment = Attachment(
        inquiry_id=inquiry.id, file_name=file_name, **vars(stored), uploaded_by_id=actor.id, uploaded_at=now
    )
    db.session.add(attachment)
    note(inquiry, InquiryEvent.ATTACH, actor=actor, now=now, file=file_name, digest=attachment.digest)
    return attachment


def note_download(inquiry: Inquiry, attachment: Attachment, *, actor: Person, now: datetime) -> None:
    """Who opened which file, in the audit log (Law 91/2025/QH15)."""
    note(inquiry, InquiryEvent.DOWNLOAD, actor=actor, now=now, file=attachment.file_name)
