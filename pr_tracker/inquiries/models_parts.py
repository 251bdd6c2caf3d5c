"""What is stored of a coordinating agency's box: what it was asked, its versions with their approval, what was used."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pr_tracker.accounts.models import Person
from pr_tracker.db import Base, Json, NfcString, NfcText, UTCDateTime
from pr_tracker.files import KeptFile
from pr_tracker.inquiries.models import Participation


class PartRound(Base):
    """One time that an agency was asked: its questions, by whom, when.

    The newest round's due time and answer are the part's own (Participation); a round before it keeps its own here.
    """

    __tablename__ = "inquiry_part_rounds"
    __table_args__ = (
        sa.UniqueConstraint("participation_id", "number"),
        sa.CheckConstraint("number > 0", name="number_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    participation_id: Mapped[int] = mapped_column(sa.ForeignKey("inquiry_participations.id"))
    number: Mapped[int]
    questions: Mapped[list[str]] = mapped_column(Json())
    note: Mapped[str] = mapped_column(NfcText(), default="")
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime())
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    # What was sent and came back with these questions (hỏi lại).
    back_to_id: Mapped[int | None] = mapped_column(sa.ForeignKey("inquiry_contributions.id"))
    due_on: Mapped[date | None]
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime())


def _current(name: str) -> sa.Index:
    where = sa.text("approved_at IS NOT NULL AND superseded_at IS NULL")
    return sa.Index(name, "participation_id", unique=True, sqlite_where=where, postgresql_where=where)


class Contribution(Base):
    """One version of an agency's input; its words never change, and only an approved one leaves the agency."""

    __tablename__ = "inquiry_contributions"
    __table_args__ = (
        sa.UniqueConstraint("participation_id", "number"),
        sa.CheckConstraint("number > 0", name="number_positive"),
        sa.CheckConstraint("text <> ''", name="with_words"),
        sa.CheckConstraint("(approved_at IS NULL) = (approved_by_id IS NULL)", name="approved_by_somebody"),
        sa.CheckConstraint("(returned_at IS NULL) = (returned_by_id IS NULL)", name="returned_by_somebody"),
        sa.CheckConstraint("returned_at IS NULL OR return_reason <> ''", name="returned_with_reason"),
        sa.CheckConstraint("approved_at IS NULL OR returned_at IS NULL", name="approved_or_returned"),
        sa.CheckConstraint("approved_at IS NULL OR submitted_at IS NOT NULL", name="submitted_first"),
        sa.CheckConstraint("superseded_at IS NULL OR approved_at IS NOT NULL", name="superseded_once_approved"),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> author_id OR alone OR from_before",
            name="approved_by_another_or_recorded",
        ),
        _current("uq_inquiry_contributions_current"),
        sa.Index(
            "ix_inquiry_contributions_returned",
            "returned_at",
            "participation_id",
            sqlite_where=sa.text("returned_at IS NOT NULL"),
            postgresql_where=sa.text("returned_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    participation_id: Mapped[int] = mapped_column(sa.ForeignKey("inquiry_participations.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(NfcText())
    digest: Mapped[str] = mapped_column(sa.String(64))  # the seal of text and files
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime())
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    approved_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    approved_title: Mapped[str] = mapped_column(NfcString(120), default="")  # held then
    alone: Mapped[bool] = mapped_column(default=False)  # the head's own words, which nobody else approved
    from_before: Mapped[bool] = mapped_column(default=False)  # sent before agencies approved what they send
    superseded_at: Mapped[datetime | None] = mapped_column(UTCDateTime())  # a later version was approved
    returned_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    returned_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    return_reason: Mapped[str] = mapped_column(NfcText(), default="")

    participation: Mapped[Participation] = relationship()
    author: Mapped[Person] = relationship(foreign_keys=[author_id])
    approved_by: Mapped[Person | None] = relationship(foreign_keys=[approved_by_id])
    returned_by: Mapped[Person | None] = relationship(foreign_keys=[returned_by_id])
    files: Mapped[list[KeptFile]] = relationship(secondary="inquiry_contribution_files", order_by=KeptFile.id)


# The version that is approved, and so with the lead agency.
IS_CURRENT = (Contribution.approved_at.is_not(None), Contribution.superseded_at.is_(None))


class ContributionFile(Base):
    """A file that goes with a version: the box's own until the version is approved, then also a file of the case."""

    __tablename__ = "inquiry_contribution_files"

    contribution_id: Mapped[int] = mapped_column(sa.ForeignKey("inquiry_contributions.id"), primary_key=True)
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("kept_files.id"), primary_key=True)


def _used(name: str) -> sa.Index:
    where = sa.text("dropped_from IS NULL")
    return sa.Index(name, "contribution_id", unique=True, sqlite_where=where, postgresql_where=where)


class DraftSource(Base):
    """A version of the answer took up an agency's input; so do all later versions, up to the one that drops it."""

    __tablename__ = "inquiry_draft_sources"
    __table_args__ = (sa.Index(None, "draft_id"), _used("uq_inquiry_draft_sources_used"))

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(sa.ForeignKey("inquiry_drafts.id"))
    contribution_id: Mapped[int] = mapped_column(sa.ForeignKey("inquiry_contributions.id"))
    added_at: Mapped[datetime] = mapped_column(UTCDateTime())
    added_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    dropped_from: Mapped[int | None]  # the number of the first version that no longer has it
    dropped_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
