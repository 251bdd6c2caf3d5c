"""What is stored of life after release: articles found, and official letters to the press with their clocks."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pr_tracker.accounts.models import Person
from pr_tracker.db import Base, Json, NfcString, NfcText, UTCDateTime, str_enum
from pr_tracker.deadlines.rules_terms import OutletPace
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.rules_articles import LetterKind, Outcome, SendingWay, Verdict
from pr_tracker.outlets.models import Outlet


def _where(condition: str) -> dict[str, Any]:
    """The condition of a partial index, for both engines."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


class Article(Base):
    """An article that the press published after an answer or refusal. Never deleted: an entry is withdrawn."""

    __tablename__ = "inquiry_articles"
    __table_args__ = (
        sa.CheckConstraint("verdict <> 'wrong' OR passage <> ''", name="wrong_words_named"),
        sa.CheckConstraint("(verdict = 'unjudged') = (judged_at IS NULL)", name="judged_at_a_moment"),
        sa.CheckConstraint("withdrawn_at IS NULL OR withdrawn_reason <> ''", name="withdrawn_with_reason"),
        sa.Index(None, "inquiry_id", "id"),
        sa.Index("ix_inquiry_articles_published", "published_on", "id", **_where("withdrawn_at IS NULL")),
        sa.Index("ix_inquiry_articles_outlet", "outlet_id", "published_on", "id", **_where("withdrawn_at IS NULL")),
        sa.Index("ix_inquiry_articles_verdict", "verdict", "published_on", "id", **_where("withdrawn_at IS NULL")),
        sa.Index(
            "uq_inquiry_articles_url", "inquiry_id", "url", unique=True, **_where("withdrawn_at IS NULL AND url <> ''")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(sa.ForeignKey("inquiries.id"))
    outlet_id: Mapped[int] = mapped_column(sa.ForeignKey("outlets.id"))
    draft_id: Mapped[int | None] = mapped_column(sa.ForeignKey("inquiry_drafts.id"))  # the answer it is about
    title: Mapped[str] = mapped_column(NfcString(300))
    url: Mapped[str] = mapped_column(NfcString(500), default="")
    published_on: Mapped[date]
    clipping_id: Mapped[int | None] = mapped_column(sa.ForeignKey("inquiry_attachments.id"))
    found_at: Mapped[datetime] = mapped_column(UTCDateTime())
    found_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))

    verdict: Mapped[Verdict] = mapped_column(str_enum(Verdict), default=Verdict.UNJUDGED)
    passage: Mapped[str] = mapped_column(NfcText(), default="")  # the wrong words, as they stand
    note: Mapped[str] = mapped_column(NfcText(), default="")
    judged_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    judged_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    withdrawn_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    withdrawn_reason: Mapped[str] = mapped_column(NfcText(), default="")

    outlet: Mapped[Outlet] = relationship()
    inquiry: Mapped[Inquiry] = relationship()


class PressLetter(Base):
    """One official letter to a press agency: its newest version, how it went, and the press agency's clock."""

    __tablename__ = "inquiry_press_letters"
    __table_args__ = (
        sa.CheckConstraint("round > 0", name="round_positive"),
        sa.CheckConstraint("kind = 'relay' OR approved_by_id <> drafted_by_id", name="approved_by_a_second_person"),
        sa.CheckConstraint("(approved_at IS NULL) = (approved_by_id IS NULL)", name="approved_by_somebody"),
        sa.CheckConstraint(
            "sent_at IS NULL OR (approved_at IS NOT NULL AND number <> '' AND dated_on IS NOT NULL)",
            name="sent_approved_with_number",
        ),
        sa.CheckConstraint(
            "received_at IS NULL OR (sent_at IS NOT NULL AND received_at >= sent_at)", name="received_after_sent"
        ),
        sa.CheckConstraint("outcome IS NULL OR sent_at IS NOT NULL", name="outcome_of_what_was_sent"),
        sa.CheckConstraint("(outcome IS NULL) = (closed_at IS NULL)", name="closed_with_outcome"),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome NOT IN ('published', 'insufficient') OR published_at IS NOT NULL",
            name="published_at_a_moment",
        ),
        sa.CheckConstraint("dropped_at IS NULL OR (sent_at IS NULL AND dropped_reason <> '')", name="dropped_unsent"),
        sa.Index(
            "uq_inquiry_press_letters_round",
            "article_id",
            "kind",
            "round",
            unique=True,
            **_where("article_id IS NOT NULL AND dropped_at IS NULL"),
        ),
        sa.Index(
            "uq_inquiry_press_letters_case_round",
            "inquiry_id",
            "kind",
            "round",
            unique=True,
            **_where("article_id IS NULL AND dropped_at IS NULL"),
        ),
        sa.Index(None, "inquiry_id", "id"),
        sa.Index(
            "ix_inquiry_press_letters_open", "ends_at", "id", **_where("received_at IS NOT NULL AND outcome IS NULL")
        ),
        sa.Index(
            "ix_inquiry_press_letters_next_reminder", "next_reminder_at", "id", **_where("next_reminder_at IS NOT NULL")
        ),
        sa.Index(
            "ix_inquiry_press_letters_waiting",
            "drafted_at",
            "id",
            **_where("received_at IS NULL AND outcome IS NULL AND dropped_at IS NULL"),
        ),
        sa.Index("ix_inquiry_press_letters_sent", "sent_at", "id", **_where("sent_at IS NOT NULL")),
        sa.Index("ix_inquiry_press_letters_closed", "closed_at", "id", **_where("closed_at IS NOT NULL")),
        sa.Index("ix_inquiry_press_letters_drafted", "drafted_at", "id"),
        sa.Index("ix_inquiry_press_letters_outlet", "outlet_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(sa.ForeignKey("inquiries.id"))
    article_id: Mapped[int | None] = mapped_column(sa.ForeignKey("inquiry_articles.id"))
    outlet_id: Mapped[int] = mapped_column(sa.ForeignKey("outlets.id"))
    kind: Mapped[LetterKind] = mapped_column(str_enum(LetterKind))
    round: Mapped[int] = mapped_column(default=1)

    version: Mapped[int] = mapped_column(default=1)
    digest: Mapped[str] = mapped_column(sa.String(64))  # rules_articles.LetterText.digest
    subject: Mapped[str] = mapped_column(NfcString(300))
    text: Mapped[str] = mapped_column(NfcText())
    passage: Mapped[str] = mapped_column(NfcText(), default="")
    right: Mapped[str] = mapped_column(NfcText(), default="")
    proof: Mapped[str] = mapped_column(NfcText(), default="")
    conclusion: Mapped[str] = mapped_column(NfcText(), default="")
    asks: Mapped[list[str]] = mapped_column(Json(), default=list)
    pace: Mapped[OutletPace] = mapped_column(str_enum(OutletPace))
    drafted_at: Mapped[datetime] = mapped_column(UTCDateTime())
    drafted_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    returned_reason: Mapped[str] = mapped_column(NfcText(), default="")
    approved_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    approved_title: Mapped[str] = mapped_column(NfcString(120), default="")
    authority: Mapped[dict[str, Any] | None] = mapped_column(Json())  # under which paper of the head it was approved
    dropped_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    dropped_reason: Mapped[str] = mapped_column(NfcText(), default="")

    number: Mapped[str] = mapped_column(NfcString(60), default="")  # of the document office
    dated_on: Mapped[date | None]
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    sent_by_way: Mapped[SendingWay | None] = mapped_column(str_enum(SendingWay))
    received_at: Mapped[datetime | None] = mapped_column(UTCDateTime())  # starts the press agency's clock
    # The press agency's clock; all empty where the law of that day names no term.
    clock: Mapped[dict[str, Any] | None] = mapped_column(Json())
    clock_version: Mapped[str] = mapped_column(NfcString(80), default="")
    due_on: Mapped[date | None]
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    next_reminder_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    outcome: Mapped[Outcome | None] = mapped_column(str_enum(Outcome))
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    outcome_note: Mapped[str] = mapped_column(NfcText(), default="")
    evidence_url: Mapped[str] = mapped_column(NfcString(500), default="")
    evidence_id: Mapped[int | None] = mapped_column(sa.ForeignKey("inquiry_attachments.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    outlet: Mapped[Outlet] = relationship()
    inquiry: Mapped[Inquiry] = relationship()
    article: Mapped[Article | None] = relationship()
    drafted_by: Mapped[Person] = relationship(foreign_keys=[drafted_by_id])
    approved_by: Mapped[Person | None] = relationship(foreign_keys=[approved_by_id])
