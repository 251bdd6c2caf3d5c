"""What is stored of duties: each with its clock and evidence, press conferences, the notice's form."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.db import Base, Json, NfcString, NfcText, UTCDateTime, str_enum
from pr_tracker.duties.rules import (
    BriefingFacts,
    ConferenceFacts,
    ConferenceFormat,
    DutyKind,
    DutyState,
    Item,
    NoticeSettings,
    state_of,
)
from pr_tracker.spokespersons.models import SpokespersonDecision

OPEN = "done_at IS NULL AND cancelled_at IS NULL"


class PressConference(Base):
    """A press conference of an agency: planned, then held or called off. Never deleted."""

    __tablename__ = "press_conferences"
    __table_args__ = (
        sa.CheckConstraint("(held_at IS NULL) OR (evidence <> '')", name="held_with_evidence"),
        sa.CheckConstraint("(cancelled_at IS NULL) OR (cancel_reason <> '')", name="cancelled_with_reason"),
        sa.CheckConstraint("held_at IS NULL OR cancelled_at IS NULL", name="held_or_cancelled"),
        sa.Index(None, "agency_id", "starts_at", "id"),
        sa.Index(None, "starts_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agencies.id"))
    title: Mapped[str] = mapped_column(NfcString(300))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime())
    place: Mapped[str] = mapped_column(NfcString(300))
    format: Mapped[ConferenceFormat] = mapped_column(str_enum(ConferenceFormat))
    periodic: Mapped[bool]
    chair: Mapped[str] = mapped_column(NfcString(200))
    content: Mapped[str] = mapped_column(NfcText(), default="")
    planned_at: Mapped[datetime] = mapped_column(UTCDateTime())
    planned_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    held_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    evidence: Mapped[str] = mapped_column(NfcText(), default="")
    link: Mapped[str] = mapped_column(NfcString(500), default="")
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    cancel_reason: Mapped[str] = mapped_column(NfcText(), default="")

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}  # noqa: RUF012

    agency: Mapped[Agency] = relationship()

    @property
    def facts(self) -> ConferenceFacts:
        """What is planned, as a rule's value."""
        return ConferenceFacts(
            self.title, self.starts_at, self.place, self.format, self.periodic, self.chair, self.content
        )

    @property
    def is_planned(self) -> bool:
        """Neither held nor called off."""
        return self.held_at is None and self.cancelled_at is None


class PressBriefing(Base):
    """What an agency told of its own accord at a press briefing (giao ban báo chí). Never deleted: taken back."""

    __tablename__ = "press_briefings"
    __table_args__ = (
        sa.CheckConstraint("title <> '' AND evidence <> ''", name="told_with_evidence"),
        sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_reason = '')", name="withdrawn_with_reason"),
        sa.Index(None, "agency_id", "held_at", "id"),
        sa.Index(None, "held_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agencies.id"))
    title: Mapped[str] = mapped_column(NfcString(300))  # what was told
    held_at: Mapped[datetime] = mapped_column(UTCDateTime())
    host: Mapped[str] = mapped_column(NfcString(200))  # who called the press together
    speaker: Mapped[str] = mapped_column(NfcString(200))
    evidence: Mapped[str] = mapped_column(NfcText())
    link: Mapped[str] = mapped_column(NfcString(500), default="")
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime())
    recorded_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    withdrawn_reason: Mapped[str] = mapped_column(NfcText(), default="")

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}  # noqa: RUF012

    agency: Mapped[Agency] = relationship()

    @property
    def facts(self) -> BriefingFacts:
        """What is on record, as a rule's value."""
        return BriefingFacts(self.title, self.held_at, self.host, self.speaker, self.evidence, self.link)


class Duty(Base):
    """Something an agency owes by law until a due time; done with evidence or cancelled with a reason."""

    __tablename__ = "duties"
    __table_args__ = (
        sa.UniqueConstraint("kind", "agency_id", "period"),
        sa.CheckConstraint(
            "(done_at IS NULL) OR (evidence <> '' AND recorded_at IS NOT NULL)", name="done_with_evidence"
        ),
        sa.CheckConstraint("(cancelled_at IS NULL) OR (cancel_reason <> '')", name="cancelled_with_reason"),
        sa.CheckConstraint("done_at IS NULL OR cancelled_at IS NULL", name="done_or_cancelled"),
        sa.CheckConstraint(
            "(kind = 'press_conference_notice') = (conference_id IS NOT NULL)", name="notice_of_a_conference"
        ),
        sa.CheckConstraint(
            "(kind = 'spokesperson_publication') = (decision_id IS NOT NULL)", name="publication_of_a_decision"
        ),
        sa.Index("ix_duties_open_by_due", "ends_at", "id", sqlite_where=sa.text(OPEN), postgresql_where=sa.text(OPEN)),
        sa.Index("ix_duties_agency", "agency_id", "ends_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[DutyKind] = mapped_column(str_enum(DutyKind))
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agencies.id"))
    period: Mapped[str] = mapped_column(NfcString(40))
    conference_id: Mapped[int | None] = mapped_column(sa.ForeignKey("press_conferences.id"), index=True)
    decision_id: Mapped[int | None] = mapped_column(sa.ForeignKey("spokesperson_decisions.id"), unique=True)
    items: Mapped[list[dict[str, str]]] = mapped_column(Json(), default=list)  # of a notice: label and text, six times

    # The clock: the columns are for lists, `clock` is the whole deadline with rule version and steps.
    trigger_at: Mapped[datetime] = mapped_column(UTCDateTime())
    clock_version: Mapped[str] = mapped_column(NfcString(80))
    clock: Mapped[dict[str, Any]] = mapped_column(Json())
    due_on: Mapped[date | None]
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime())
    next_reminder_at: Mapped[datetime | None] = mapped_column(UTCDateTime(), index=True)

    opened_at: Mapped[datetime] = mapped_column(UTCDateTime())
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    recorded_at: Mapped[datetime | None] = mapped_column(UTCDateTime())  # when somebody said so
    done_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    evidence: Mapped[str] = mapped_column(NfcText(), default="")
    link: Mapped[str] = mapped_column(NfcString(500), default="")
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    cancel_reason: Mapped[str] = mapped_column(NfcText(), default="")

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}  # noqa: RUF012

    agency: Mapped[Agency] = relationship()
    done_by: Mapped[Person | None] = relationship()
    conference: Mapped[PressConference | None] = relationship()
    decision: Mapped[SpokespersonDecision | None] = relationship()

    @property
    def state(self) -> DutyState:
        """Open, done or cancelled."""
        return state_of(self.done_at, self.cancelled_at)

    @property
    def notice_items(self) -> tuple[Item, ...]:
        """The six lines of a notice."""
        return tuple(Item(row["label"], row["text"]) for row in self.items)

    @notice_items.setter
    def notice_items(self, items: tuple[Item, ...]) -> None:
        self.items = [{"label": item.label, "text": item.text} for item in items]


class NoticeForm(Base):
    """How the province words the notice of a press conference: one row, or none while it is as shipped."""

    __tablename__ = "notice_form"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)
    addressee: Mapped[str] = mapped_column(NfcString(200), default="")
    labels: Mapped[list[str]] = mapped_column(Json(), default=list)

    @property
    def settings(self) -> NoticeSettings:
        """The form as a rule's value."""
        return NoticeSettings(self.addressee, tuple(self.labels))
