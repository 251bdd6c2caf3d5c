"""What is stored of a case: the inquiry, its questions, parts, drafts, reviews, comments, files and history."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.db import Base, Json, NfcString, NfcText, UTCDateTime, str_enum
from pr_tracker.deadlines.rules import Deadline
from pr_tracker.deadlines.rules_terms import ExtensionReason, StopReason
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.inquiries.rules_kinds import AnswerForm, Channel, Kind, Part, RefusalGround, Sensitivity, Urgency
from pr_tracker.inquiries.rules_number import write_number
from pr_tracker.inquiries.rules_parts import BoxState
from pr_tracker.inquiries.rules_seal import FileMark, ReviewStep, VoidReason
from pr_tracker.outlets.models import Journalist, Outlet


def _planned(name: str) -> sa.Index:
    """Rows of which somebody is still to be reminded, by when."""
    where = sa.text("next_reminder_at IS NOT NULL")
    return sa.Index(name, "next_reminder_at", "id", sqlite_where=where, postgresql_where=where)


def _of_few(name: str, column: str) -> sa.Index:
    """An index of the rows that have it: were the many empty ones in it, SQLite would count on finding them."""
    where = sa.text(f"{column} IS NOT NULL")
    return sa.Index(name, column, sqlite_where=where, postgresql_where=where)


def _of_some(name: str, *columns: str, where: str, on_postgresql: str | None = None) -> sa.Index:
    """An index of the inquiries of which something holds: lists of few are not looked for among all."""
    return sa.Index(name, *columns, sqlite_where=sa.text(where), postgresql_where=sa.text(on_postgresql or where))


# What took longer than two months, as each engine says it: few do. Whatever else a day found open came shortly before.
LONG_DAYS = 60
TOOK_LONG = {
    "sqlite": f"julianday(finished_at) - julianday(received_at) > {LONG_DAYS}",
    "postgresql": f"finished_at - received_at > INTERVAL '{LONG_DAYS} days'",
}


class NumberCounter(Base):
    """The last number given in a year; locked while one is taken, so that there is no gap."""

    __tablename__ = "inquiry_numbers"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class Inquiry(Base):
    """One inquiry of the press, from question to answer. Never deleted."""

    __tablename__ = "inquiries"
    __table_args__ = (
        sa.UniqueConstraint("year", "number"),
        sa.CheckConstraint("number > 0", name="number_positive"),
        sa.CheckConstraint("logged_at >= received_at", name="logged_after_received"),
        sa.CheckConstraint(
            "status = 'received' OR lead_agency_id IS NOT NULL OR status = 'withdrawn' OR status = 'archived'",
            name="worked_on_by_somebody",
        ),
        sa.CheckConstraint(
            "status <> 'answered' OR (released_at IS NOT NULL AND answer_form IS NOT NULL AND speaker_id IS NOT NULL)",
            name="answered_with_time_form_speaker",
        ),
        sa.CheckConstraint(
            "(refusal_ground IS NULL) = (refusal_reason IS NULL)", name="refused_with_ground_and_reason"
        ),
        sa.CheckConstraint("parent_id IS NULL OR parent_id <> id", name="not_own_parent"),
        _of_some("ix_inquiries_open_by_due", "ends_at", "id", where="finished_at IS NULL"),
        _of_some("ix_inquiries_open", "received_at", "id", where="finished_at IS NULL"),
        _of_some("ix_inquiries_finished", "finished_at", "id", where="finished_at IS NOT NULL"),
        _of_some("ix_inquiries_stopped", "received_at", "id", where="stopped_days > 0"),
        _of_some("ix_inquiries_extended", "received_at", "id", where="extended_days > 0"),
        _of_some("ix_inquiries_paused", "paused_until", where="paused_at IS NOT NULL"),
        _of_some("ix_inquiries_late", "finished_at", "ends_at", "id", where="finished_at >= ends_at"),
        _of_some(
            *("ix_inquiries_refused", "finished_at", "id", "lead_agency_id", "refusal_ground"),
            where="refusal_ground IS NOT NULL",
        ),
        _of_some("ix_inquiries_ground", "refusal_ground", "received_at", "id", where="refusal_ground IS NOT NULL"),
        _of_some(
            *("ix_inquiries_long", "finished_at", "received_at", "id"),
            where=TOOK_LONG["sqlite"],
            on_postgresql=TOOK_LONG["postgresql"],
        ),
        sa.Index("ix_inquiries_ends", "ends_at", "lead_agency_id"),
        sa.Index("ix_inquiries_officer", "officer_id", "received_at", "id"),
        sa.Index("ix_inquiries_responsible", "responsible_id", "received_at", "id"),
        _planned("ix_inquiries_next_reminder"),
        _of_few("ix_inquiries_parent_id", "parent_id"),
        _of_few("ix_inquiries_incident_id", "incident_id"),
        sa.Index("ix_inquiries_received", "received_at", "id"),
        sa.Index("ix_inquiries_status", "status", "received_at", "id"),
        sa.Index("ix_inquiries_outlet", "outlet_id", "received_at", "id"),
        sa.Index("ix_inquiries_lead", "lead_agency_id", "received_at", "id"),
        sa.Index("ix_inquiries_kind", "kind", "received_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    year: Mapped[int]
    number: Mapped[int]
    subject: Mapped[str] = mapped_column(NfcString(300))
    kind: Mapped[Kind] = mapped_column(str_enum(Kind))
    channel: Mapped[Channel] = mapped_column(str_enum(Channel))
    urgency: Mapped[Urgency] = mapped_column(str_enum(Urgency), default=Urgency.NORMAL)
    sensitivity: Mapped[Sensitivity] = mapped_column(str_enum(Sensitivity), default=Sensitivity.NORMAL)
    outlet_id: Mapped[int] = mapped_column(sa.ForeignKey("outlets.id"))
    journalist_names: Mapped[str] = mapped_column(NfcText(), default="")  # for lists, without a join
    status: Mapped[Status] = mapped_column(str_enum(Status), default=Status.RECEIVED)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("inquiries.id"))
    form_token: Mapped[str | None] = mapped_column(sa.String(32), unique=True)  # a form sent twice logs once

    received_at: Mapped[datetime] = mapped_column(UTCDateTime())
    started_at: Mapped[datetime] = mapped_column(UTCDateTime())  # what the clock counts from
    logged_at: Mapped[datetime] = mapped_column(UTCDateTime())
    acknowledged_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    wanted_at: Mapped[datetime | None] = mapped_column(UTCDateTime())  # the journalist's own deadline
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime())  # answered, refused or withdrawn
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    archived_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    logged_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    intake_agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agencies.id"))
    lead_agency_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agencies.id"))
    responsible_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))  # người đứng đầu
    officer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))  # chuyên viên xử lý

    # The clock: the columns are for lists, `clock` is the whole deadline with rule version and steps.
    clock_key: Mapped[str] = mapped_column(NfcString(60))
    clock_version: Mapped[str] = mapped_column(NfcString(80))
    clock: Mapped[dict[str, Any]] = mapped_column(Json())
    due_on: Mapped[date | None]
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime())
    next_reminder_at: Mapped[datetime | None] = mapped_column(
        UTCDateTime()
    )  # from when on reminders are still to be told
    # The newest stop, for lists and the chip: the clock stands from the one to the other, then runs on by itself.
    paused_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    paused_until: Mapped[datetime | None] = mapped_column(UTCDateTime())
    # All stops and extensions, in the term's own unit: never hidden in a figure.
    stopped_days: Mapped[int] = mapped_column(default=0, server_default="0")
    extended_days: Mapped[int] = mapped_column(default=0, server_default="0")

    review_step: Mapped[ReviewStep | None] = mapped_column(str_enum(ReviewStep))  # awaited while in review
    approved_draft_id: Mapped[int | None] = mapped_column(sa.ForeignKey("inquiry_drafts.id", use_alter=True))
    released_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    answer_form: Mapped[AnswerForm | None] = mapped_column(str_enum(AnswerForm))
    speaker_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    speaker_right: Mapped[dict[str, Any] | None] = mapped_column(Json())  # Right.to_json(), as it was then
    evidence: Mapped[str] = mapped_column(NfcText(), default="")
    answer_states: Mapped[list[str] | None] = mapped_column(Json())  # rules_articles.Stated, of an answer on the press
    refusal_ground: Mapped[RefusalGround | None] = mapped_column(str_enum(RefusalGround))
    refusal_reason: Mapped[str | None] = mapped_column(NfcText())
    closing_note: Mapped[str] = mapped_column(NfcText(), default="")
    incident_id: Mapped[int | None] = mapped_column(sa.ForeignKey("incidents.id"))  # vụ việc

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}  # noqa: RUF012

    outlet: Mapped[Outlet] = relationship()
    parent: Mapped["Inquiry | None"] = relationship(remote_side=[id])
    intake_agency: Mapped[Agency] = relationship(foreign_keys=[intake_agency_id])
    lead_agency: Mapped[Agency | None] = relationship(foreign_keys=[lead_agency_id])
    logged_by: Mapped[Person] = relationship(foreign_keys=[logged_by_id])
    responsible: Mapped[Person | None] = relationship(foreign_keys=[responsible_id])
    officer: Mapped[Person | None] = relationship(foreign_keys=[officer_id])
    speaker: Mapped[Person | None] = relationship(foreign_keys=[speaker_id])
    approved_draft: Mapped["Draft | None"] = relationship(foreign_keys=[approved_draft_id], post_update=True)
    questions: Mapped[list["Question"]] = relationship(order_by="Question.position")
    journalists: Mapped[list[Journalist]] = relationship(secondary="inquiry_journalists", order_by=Journalist.sort_key)
    if TYPE_CHECKING:
        incident: Any  # the Incident it belongs to; the relationship is added by the higher feature, incidents.models

    @property
    def code(self) -> str:
        """ĐN-2026-0001."""
        return write_number(self.year, self.number)

    @property
    def deadline(self) -> Deadline:
        """Its clock as the rules know it, read once: a page asks it for many things."""
        read: tuple[dict[str, Any], Deadline] | None = self.__dict__.get("_deadline")
        if read is None or read[0] is not self.clock:
            read = self.__dict__["_deadline"] = (self.clock, Deadline.from_json(self.clock))
        return read[1]


class InquiryJournalist(Base):
    """Who asks, for the outlet."""

    __tablename__ = "inquiry_journalists"

    inquiry_id: Mapped[int] = mapped_column(sa.ForeignKey("inquiries.id"), primary_key=True)
    journalist_id: Mapped[int] = mapped_column(sa.ForeignKey("journalists.id"), primary_key=True, index=True)


class Question(Base):
    """One question, word for word."""

    __tablename__ = "inquiry_questions"
    __table_args__ = (sa.UniqueConstraint("inquiry_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(sa.ForeignKey("inquiries.id"))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(NfcText())


class Participation(Base):
    """What one agency has to do with a case, from when to when; a coordinating one has its own task and clock."""

    __tablename__ = "inquiry_participations"
    __table_args__ = (
        _planned("ix_inquiry_participations_next_reminder"),
        sa.Index(None, "inquiry_id", "part"),
        _of_some(
            "ix_inquiry_participations_late",
            *("ends_at", "inquiry_id", "sent_at"),
            where="ends_at <= coalesce(sent_at, ends_at)",
        ),
        sa.Index(
            "ix_inquiry_participations_current",  # an agency's list in its order
            "agency_id",
            "received_at",
            "inquiry_id",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
        sa.Index(
            "uq_inquiry_participations_current",
            "inquiry_id",
            "agency_id",
            "part",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(sa.ForeignKey("inquiries.id"))
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agencies.id"))
    part: Mapped[Part] = mapped_column(str_enum(Part))
    # The inquiry's own, written with it: an agency's list is read in its order and no further than its page.
    received_at: Mapped[datetime | None] = mapped_column(UTCDateTime(), deferred=True)
    added_at: Mapped[datetime] = mapped_column(UTCDateTime())
    added_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    task: Mapped[str] = mapped_column(NfcText(), default="")  # also the reason of a request to take over
    clock: Mapped[dict[str, Any] | None] = mapped_column(Json())
    due_on: Mapped[date | None]
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    next_reminder_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    due_by_plan: Mapped[bool] = mapped_column(default=False, server_default=sa.false())  # earlier than its own term
    # The box of a coordinating agency; what was asked and sent in it is in models_parts.
    box: Mapped[BoxState | None] = mapped_column(str_enum(BoxState))
    box_version: Mapped[int] = mapped_column(default=1, server_default="1")  # what two people at once tell apart
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime())  # approved, and so sent; None: owed
    sent_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))

    inquiry: Mapped["Inquiry"] = relationship()
    agency: Mapped[Agency] = relationship()
    sent_by: Mapped[Person | None] = relationship(foreign_keys=[sent_by_id])


class Draft(Base):
    """One version of the answer, or with a ground of the refusal; a saved version never changes."""

    __tablename__ = "inquiry_drafts"
    __table_args__ = (sa.UniqueConstraint("inquiry_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(sa.ForeignKey("inquiries.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(NfcText())  # of a refusal: the reason in words for the press
    ground: Mapped[RefusalGround | None] = mapped_column(str_enum(RefusalGround))  # None: an answer
    text_digest: Mapped[str] = mapped_column(sa.String(64), server_default="")  # SHA-256 of the text alone: whose words
    digest: Mapped[str] = mapped_column(sa.String(64))  # the seal: rules_seal.seal_of text, files and ground
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime())

    author: Mapped[Person] = relationship()
    files: Mapped[list["Attachment"]] = relationship(secondary="inquiry_draft_files", order_by="Attachment.id")

    @property
    def marks(self) -> list[FileMark]:
        """Its files as the seal covers them."""
        return [FileMark(file.file_name, file.digest) for file in self.files]


class DraftFile(Base):
    """A file that goes with a version; fixed with it."""

    __tablename__ = "inquiry_draft_files"

    draft_id: Mapped[int] = mapped_column(sa.ForeignKey("inquiry_drafts.id"), primary_key=True)
    attachment_id: Mapped[int] = mapped_column(sa.ForeignKey("inquiry_attachments.id"), primary_key=True, index=True)


_SEALS = sa.text("approved AND voided_at IS NULL")


class Review(Base):
    """What an approver decided about one version: a seal on its SHA-256, or a return with its reason."""

    __tablename__ = "inquiry_reviews"
    __table_args__ = (
        sa.CheckConstraint("approved OR reason <> ''", name="return_with_reason"),
        sa.CheckConstraint("(voided_at IS NULL) = (void_reason IS NULL)", name="voided_with_reason"),
        sa.CheckConstraint("approved OR voided_at IS NULL", name="only_a_seal_is_voided"),
        # One seal a step, whoever else approves at the same moment.
        sa.Index(
            "uq_inquiry_reviews_one_seal",
            "draft_id",
            "step",
            unique=True,
            sqlite_where=_SEALS,
            postgresql_where=_SEALS,
        ),
        sa.Index(
            "ix_inquiry_reviews_returned",  # what was returned in some months, among all that was decided in years
            "at",
            "draft_id",
            sqlite_where=sa.text("approved = 0"),
            postgresql_where=sa.text("NOT approved"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(sa.ForeignKey("inquiry_drafts.id"), index=True)
    step: Mapped[ReviewStep] = mapped_column(str_enum(ReviewStep))
    approved: Mapped[bool]
    reason: Mapped[str] = mapped_column(NfcText(), default="")
    digest: Mapped[str] = mapped_column(sa.String(64))  # the seal of what was read
    reviewer_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    title: Mapped[str] = mapped_column(NfcString(120))  # as held then
    alone: Mapped[bool] = mapped_column(default=False)  # the head answers alone: approved their own words
    authority: Mapped[dict[str, Any] | None] = mapped_column(Json())  # in whose place, by which paper
    authorisation_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(UTCDateTime())
    voided_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    void_reason: Mapped[VoidReason | None] = mapped_column(str_enum(VoidReason))


class Comment(Base):
    """A remark inside the house; never part of the answer."""

    __tablename__ = "inquiry_comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(sa.ForeignKey("inquiries.id"), index=True)
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime())
    text: Mapped[str] = mapped_column(NfcText())


class Attachment(Base):
    """A file kept outside the web root under a random name."""

    __tablename__ = "inquiry_attachments"

    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(sa.ForeignKey("inquiries.id"), index=True)
    file_name: Mapped[str] = mapped_column(NfcString(200))
    stored_name: Mapped[str] = mapped_column(sa.String(64), unique=True)
    media_type: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int]  # octets
    digest: Mapped[str] = mapped_column(sa.String(64))  # SHA-256 of the content
    uploaded_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UTCDateTime())


def _one_open(name: str, condition: str) -> sa.Index:
    """At most one row of a case for which the condition holds."""
    where = sa.text(condition)
    return sa.Index(name, "inquiry_id", unique=True, sqlite_where=where, postgresql_where=where)


class InquiryPause(Base):
    """A stop of the clock: why, with what evidence, until when; nobody ended it when it ran out by itself."""

    __tablename__ = "inquiry_pauses"
    __table_args__ = (
        sa.CheckConstraint("evidence <> ''", name="with_evidence"),
        sa.CheckConstraint("planned_until > from_at", name="ends_after_it_begins"),
        sa.CheckConstraint(
            "ended_at IS NULL OR (ended_at >= from_at AND ended_at <= planned_until)", name="ended_within_its_plan"
        ),
        sa.CheckConstraint("ended_by_id IS NULL OR ended_at IS NOT NULL", name="ended_by_at_a_moment"),
        _one_open("uq_inquiry_pauses_one_at_once", "ended_at IS NULL"),
        sa.Index(None, "inquiry_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(sa.ForeignKey("inquiries.id"))
    reason: Mapped[StopReason] = mapped_column(str_enum(StopReason))
    evidence: Mapped[str] = mapped_column(NfcText())
    attachment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("inquiry_attachments.id"))
    from_at: Mapped[datetime] = mapped_column(UTCDateTime())
    planned_until: Mapped[datetime] = mapped_column(UTCDateTime())
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    begun_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))


class InquiryExtension(Base):
    """A longer term that somebody asked for and a second person granted or declined.

    Decided without `granted`: the case was over before anybody decided.
    """

    __tablename__ = "inquiry_extensions"
    __table_args__ = (
        sa.CheckConstraint("days > 0", name="days_positive"),
        sa.CheckConstraint("evidence <> ''", name="with_evidence"),
        sa.CheckConstraint("decided_by_id IS NULL OR decided_by_id <> asked_by_id", name="decided_by_a_second_person"),
        sa.CheckConstraint("(granted IS NULL) = (decided_by_id IS NULL)", name="decided_by_somebody"),
        sa.CheckConstraint("granted IS NULL OR decided_at IS NOT NULL", name="decided_at_a_moment"),
        sa.CheckConstraint("granted IS NULL OR granted OR decision <> ''", name="declined_with_reason"),
        _one_open("uq_inquiry_extensions_one_at_once", "decided_at IS NULL"),
        sa.Index(None, "inquiry_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(sa.ForeignKey("inquiries.id"))
    reason: Mapped[ExtensionReason] = mapped_column(str_enum(ExtensionReason))
    days: Mapped[int]
    evidence: Mapped[str] = mapped_column(NfcText())
    attachment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("inquiry_attachments.id"))
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime())
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    granted: Mapped[bool | None]
    decision: Mapped[str] = mapped_column(NfcText(), default="")

    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])


class HistoryEntry(Base):
    """One thing that happened to a case; labels make a sentence of it. `version` is the case's after it."""

    __tablename__ = "inquiry_history"
    __table_args__ = (sa.Index(None, "inquiry_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(sa.ForeignKey("inquiries.id"))
    version: Mapped[int]
    at: Mapped[datetime] = mapped_column(UTCDateTime())
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    actor_title: Mapped[str | None] = mapped_column(NfcString(120))  # as held then; None: written before 0003
    actor_agency: Mapped[str | None] = mapped_column(NfcString(200))
    event: Mapped[InquiryEvent] = mapped_column(str_enum(InquiryEvent))
    data: Mapped[dict[str, Any]] = mapped_column(Json())


class SavedView(Base):
    """A person's own filter of the list."""

    __tablename__ = "inquiry_saved_views"
    __table_args__ = (sa.UniqueConstraint("person_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    name: Mapped[str] = mapped_column(NfcString(60))
    query: Mapped[str] = mapped_column(NfcText())
