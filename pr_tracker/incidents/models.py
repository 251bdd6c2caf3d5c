"""What is stored of incidents: the incident with its clock, its inquiries, statements, roster, tasks, chronology."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.db import Base, Json, NfcString, NfcText, UTCDateTime, str_enum
from pr_tracker.incidents.rules import StatementState
from pr_tracker.incidents.rules_events import IncidentEvent
from pr_tracker.incidents.rules_kinds import IncidentKind, Moments, write_number
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.rules_kinds import AnswerForm
from pr_tracker.inquiries.rules_seal import ReviewStep
from pr_tracker.outlets.models import Outlet


def _where(name: str, condition: str, *columns: str, unique: bool = False) -> sa.Index:
    """An index over the rows for which a condition holds."""
    where = sa.text(condition)
    return sa.Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)


class IncidentNumber(Base):
    """The last number given in a year; locked while one is taken, so that there is no gap."""

    __tablename__ = "incident_numbers"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class Incident(Base):
    """One incident: several inquiries, one clock, one statement at a time. Never deleted."""

    __tablename__ = "incidents"
    __table_args__ = (
        sa.UniqueConstraint("year", "number"),
        sa.CheckConstraint("number > 0", name="number_positive"),
        sa.CheckConstraint("(started_at IS NULL) = (ends_at IS NULL)", name="clock_from_its_start"),
        sa.CheckConstraint(
            "kind <> 'divided_opinion' OR determined_at IS NOT NULL OR started_at IS NULL", name="runs_when_determined"
        ),
        sa.CheckConstraint("happened_at IS NULL OR happened_at <= received_at", name="received_after_it_happened"),
        sa.CheckConstraint("closed_at IS NULL OR closing_note <> ''", name="closed_with_a_note"),
        _where("ix_incidents_open", "closed_at IS NULL", "ends_at", "id"),
        _where("ix_incidents_next_reminder", "next_reminder_at IS NOT NULL", "next_reminder_at", "id"),
        sa.Index("ix_incidents_closed", "closed_at", "id"),
        sa.Index("ix_incidents_agency", "agency_id", "opened_at", "id"),
        sa.Index("ix_incidents_opened", "opened_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    year: Mapped[int]
    number: Mapped[int]
    title: Mapped[str] = mapped_column(NfcString(300))
    kind: Mapped[IncidentKind] = mapped_column(str_enum(IncidentKind))
    summary: Mapped[str] = mapped_column(NfcText(), default="")
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agencies.id"))
    form_token: Mapped[str | None] = mapped_column(sa.String(32), unique=True)  # a form sent twice opens once

    happened_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    received_at: Mapped[datetime] = mapped_column(UTCDateTime())
    determined_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime())
    opened_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))

    # The clock: the columns are for lists, `clock` is the whole deadline; none before an impact is determined.
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime())  # what it counts from
    clock_version: Mapped[str | None] = mapped_column(NfcString(80))
    clock: Mapped[dict[str, Any] | None] = mapped_column(Json())
    due_on: Mapped[date | None]
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    next_reminder_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    informed_at: Mapped[datetime | None] = mapped_column(UTCDateTime())  # initial information: it meets the clock

    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    closing_note: Mapped[str] = mapped_column(NfcText(), default="")

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}  # noqa: RUF012

    agency: Mapped[Agency] = relationship()
    opened_by: Mapped[Person] = relationship(foreign_keys=[opened_by_id])

    @property
    def code(self) -> str:
        """VV-2026-0001."""
        return write_number(self.year, self.number)

    @property
    def moments(self) -> Moments:
        """The three moments as a rule's value."""
        return Moments(self.received_at, self.happened_at, self.determined_at)


Inquiry.incident = relationship(Incident)  # from here, so that inquiries need not know what stands above them


class IncidentPart(Base):
    """An agency that coordinates in an incident without having one of its inquiries."""

    __tablename__ = "incident_parts"
    __table_args__ = (
        _where("uq_incident_parts_current", "ended_at IS NULL", "agency_id", "incident_id", unique=True),
        sa.Index(None, "incident_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(sa.ForeignKey("incidents.id"))
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agencies.id"))
    added_at: Mapped[datetime] = mapped_column(UTCDateTime())
    added_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime())


class IncidentInquiry(Base):
    """An inquiry that belongs, or belonged, to an incident; to one at a time."""

    __tablename__ = "incident_inquiries"
    __table_args__ = (
        sa.CheckConstraint("(unmerged_at IS NULL) = (unmerged_by_id IS NULL)", name="unmerged_by_somebody"),
        sa.CheckConstraint("unmerged_at IS NULL OR reason <> ''", name="unmerged_with_reason"),
        _where("uq_incident_inquiries_one_at_once", "unmerged_at IS NULL", "inquiry_id", unique=True),
        sa.Index(None, "incident_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(sa.ForeignKey("incidents.id"))
    inquiry_id: Mapped[int] = mapped_column(sa.ForeignKey("inquiries.id"))
    merged_at: Mapped[datetime] = mapped_column(UTCDateTime())
    merged_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    unmerged_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    unmerged_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    reason: Mapped[str] = mapped_column(NfcText(), default="")

    inquiry: Mapped[Inquiry] = relationship()


class IncidentStatement(Base):
    """One version of the holding statement; a saved version's text never changes."""

    __tablename__ = "incident_statements"
    __table_args__ = (
        sa.UniqueConstraint("incident_id", "number"),
        sa.CheckConstraint(
            "(state = 'released') = (released_at IS NOT NULL AND answer_form IS NOT NULL AND speaker_id IS NOT NULL)",
            name="released_with_time_form_speaker",
        ),
        sa.CheckConstraint("state <> 'released' OR evidence <> ''", name="released_with_evidence"),
        sa.CheckConstraint("(state = 'in_review') = (review_step IS NOT NULL)", name="awaits_a_step_in_review"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(sa.ForeignKey("incidents.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(NfcText())
    digest: Mapped[str] = mapped_column(sa.String(64))  # the seal: SHA-256 of the text in UTF-8
    state: Mapped[StatementState] = mapped_column(str_enum(StatementState), default=StatementState.DRAFTING)
    review_step: Mapped[ReviewStep | None] = mapped_column(str_enum(ReviewStep))  # which step is awaited
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime())
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    submitted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))

    released_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    released_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    answer_form: Mapped[AnswerForm | None] = mapped_column(str_enum(AnswerForm))
    speaker_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    speaker_right: Mapped[dict[str, Any] | None] = mapped_column(Json())
    evidence: Mapped[str] = mapped_column(NfcText(), default="")

    author: Mapped[Person] = relationship(foreign_keys=[author_id])
    speaker: Mapped[Person | None] = relationship(foreign_keys=[speaker_id])


class IncidentReview(Base):
    """What an approver decided about one version of the statement, and in which step."""

    __tablename__ = "incident_reviews"
    __table_args__ = (
        sa.CheckConstraint("approved OR reason <> ''", name="return_with_reason"),
        _where("uq_incident_reviews_one_seal", "approved AND voided_at IS NULL", "statement_id", "step", unique=True),
        sa.Index(None, "statement_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    statement_id: Mapped[int] = mapped_column(sa.ForeignKey("incident_statements.id"))
    step: Mapped[ReviewStep] = mapped_column(str_enum(ReviewStep))
    approved: Mapped[bool]
    reason: Mapped[str] = mapped_column(NfcText(), default="")
    digest: Mapped[str] = mapped_column(sa.String(64))  # of the text the reviewer read
    reviewer_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    title: Mapped[str] = mapped_column(NfcString(120), default="")  # the reviewer's, at that moment
    alone: Mapped[bool] = mapped_column(default=False)  # the head answered alone: wrote and approved
    authority: Mapped[dict[str, Any] | None] = mapped_column(Json())  # acted by authorisation
    at: Mapped[datetime] = mapped_column(UTCDateTime())
    voided_at: Mapped[datetime | None] = mapped_column(UTCDateTime())


class IncidentTelling(Base):
    """One outlet that a released statement went to, with the inquiry it came from; `answers` when it closed that."""

    __tablename__ = "incident_tellings"
    __table_args__ = (
        sa.CheckConstraint("NOT answers OR inquiry_id IS NOT NULL", name="answers_an_inquiry"),
        sa.Index(None, "statement_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    statement_id: Mapped[int] = mapped_column(sa.ForeignKey("incident_statements.id"))
    outlet_id: Mapped[int] = mapped_column(sa.ForeignKey("outlets.id"))
    inquiry_id: Mapped[int | None] = mapped_column(sa.ForeignKey("inquiries.id"))
    answers: Mapped[bool] = mapped_column(default=False)

    outlet: Mapped[Outlet] = relationship()


class IncidentShift(Base):
    """Who is on call, for what, from when to when."""

    __tablename__ = "incident_shifts"
    __table_args__ = (
        sa.CheckConstraint("until_at > from_at", name="ends_after_it_begins"),
        sa.CheckConstraint("(removed_at IS NULL) = (removed_by_id IS NULL)", name="removed_by_somebody"),
        sa.Index(None, "incident_id", "from_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(sa.ForeignKey("incidents.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    phone: Mapped[str] = mapped_column(NfcString(40))
    task: Mapped[str] = mapped_column(NfcString(300), default="")
    from_at: Mapped[datetime] = mapped_column(UTCDateTime())
    until_at: Mapped[datetime] = mapped_column(UTCDateTime())
    added_at: Mapped[datetime] = mapped_column(UTCDateTime())
    added_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    removed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class IncidentTask(Base):
    """Who does what now, by when; done, or dropped with a reason."""

    __tablename__ = "incident_tasks"
    __table_args__ = (
        sa.CheckConstraint("done_at IS NULL OR dropped_at IS NULL", name="done_or_dropped"),
        sa.CheckConstraint("dropped_at IS NULL OR reason <> ''", name="dropped_with_reason"),
        sa.Index(None, "incident_id", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(sa.ForeignKey("incidents.id"))
    what: Mapped[str] = mapped_column(NfcString(500))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime())
    added_at: Mapped[datetime] = mapped_column(UTCDateTime())
    added_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    done_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    dropped_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    dropped_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    reason: Mapped[str] = mapped_column(NfcText(), default="")

    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class IncidentEntry(Base):
    """One line of the chronology; `occurred_at` is when it was, `at` when it was written."""

    __tablename__ = "incident_entries"
    __table_args__ = (sa.Index(None, "incident_id", "occurred_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(sa.ForeignKey("incidents.id"))
    version: Mapped[int]
    at: Mapped[datetime] = mapped_column(UTCDateTime())
    occurred_at: Mapped[datetime] = mapped_column(UTCDateTime())
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    actor_title: Mapped[str | None] = mapped_column(NfcString(120))
    actor_agency: Mapped[str | None] = mapped_column(NfcString(200))
    event: Mapped[IncidentEvent] = mapped_column(str_enum(IncidentEvent))
    data: Mapped[dict[str, Any]] = mapped_column(Json())
