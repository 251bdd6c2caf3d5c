"""What is stored of cleared statements: what was said, by whom, until when it counts, its search and likeness."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.db import Base, Json, NfcString, NfcText, UTCDateTime, str_enum
from pr_tracker.statements.rules import LONGEST_TOPIC, AnswerForm, Link, Validity, write_code


class StatementCounter(Base):
    """The last number given in a year; locked while one is taken, so that there is no gap."""

    __tablename__ = "statement_numbers"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class Statement(Base):
    """What the province has said, word for word: an answer that was given, or something published by itself.

    The words never change and nothing is deleted: another statement takes its place, or it is withdrawn.
    """

    __tablename__ = "statements"
    __table_args__ = (
        sa.UniqueConstraint("year", "number"),
        sa.CheckConstraint("number > 0", name="number_positive"),
        sa.CheckConstraint("superseded_by_id IS NULL OR superseded_by_id <> id", name="not_in_its_own_place"),
        sa.CheckConstraint("(superseded_by_id IS NULL) = (superseded_at IS NULL)", name="superseded_at_a_moment"),
        sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_reason = '')", name="withdrawn_with_reason"),
        sa.CheckConstraint("withdrawn_at IS NULL OR withdrawn_by_id IS NOT NULL", name="withdrawn_by_somebody"),
        sa.CheckConstraint("inquiry_id IS NULL OR incident_id IS NULL", name="of_one_matter"),
        sa.CheckConstraint("(inquiry_id IS NULL) = (draft_id IS NULL)", name="answer_is_a_version"),
        sa.Index("ix_statements_said", "said_at", "id"),
        sa.Index("ix_statements_agency", "agency_id", "said_at", "id"),
        sa.Index(
            "ix_statements_ending",
            "valid_until",
            "id",
            sqlite_where=sa.text("superseded_by_id IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=sa.text("superseded_by_id IS NULL AND withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    year: Mapped[int]
    number: Mapped[int]
    topic: Mapped[str] = mapped_column(NfcString(LONGEST_TOPIC))
    text: Mapped[str] = mapped_column(NfcText())
    digest: Mapped[str] = mapped_column(sa.String(64))  # SHA-256 of the text
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agencies.id"))
    # Where it comes from: an answer, an incident's holding statement, or (neither) published by the agency itself.
    inquiry_id: Mapped[int | None] = mapped_column(sa.ForeignKey("inquiries.id"), index=True)
    draft_id: Mapped[int | None] = mapped_column(sa.ForeignKey("inquiry_drafts.id"), unique=True)
    incident_id: Mapped[int | None] = mapped_column(sa.ForeignKey("incidents.id"), index=True)

    form: Mapped[AnswerForm] = mapped_column(str_enum(AnswerForm))
    said_at: Mapped[datetime] = mapped_column(UTCDateTime())
    said_by: Mapped[str] = mapped_column(NfcString(500))  # name, title, agency, as they were then
    right: Mapped[dict[str, Any] | None] = mapped_column(Json())  # by what right, as Inquiry.speaker_right keeps it
    link: Mapped[str] = mapped_column(NfcString(500), default="")  # where it was published
    cleared_at: Mapped[datetime] = mapped_column(UTCDateTime())
    cleared_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))  # None: before there was a library

    valid_until: Mapped[date | None]
    told_ending_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    superseded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("statements.id"), index=True)
    superseded_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    withdrawn_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    withdrawn_reason: Mapped[str] = mapped_column(NfcText(), default="")

    folded: Mapped[str] = mapped_column(sa.Text)  # code, topic and text without marks: what search looks through
    exact: Mapped[str] = mapped_column(sa.Text)  # the same in lower case with its marks

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}  # noqa: RUF012

    agency: Mapped[Agency] = relationship()
    superseded_by: Mapped["Statement | None"] = relationship(remote_side=[id])
    cleared_by: Mapped[Person | None] = relationship(foreign_keys=[cleared_by_id])

    @property
    def code(self) -> str:
        """PN-2026-0001."""
        return write_code(self.year, self.number)

    @property
    def validity(self) -> Validity:
        """Until when it counts, as a rule's value."""
        return Validity(self.valid_until, self.superseded_at, self.withdrawn_at)

    @property
    def link_in_chain(self) -> Link:
        """What the rule of superseding asks of it."""
        return Link(self.id, self.said_at, self.superseded_by_id, self.withdrawn_at is not None)


class StatementTerm(Base):
    """A term that tells of a statement's matter: the index behind likeness, the same on every database."""

    __tablename__ = "statement_terms"
    __table_args__ = ({"sqlite_with_rowid": False},)

    term: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    statement_id: Mapped[int] = mapped_column(sa.ForeignKey("statements.id"), primary_key=True, index=True)
    weight: Mapped[int] = mapped_column(sa.SmallInteger)


class StatementUse(Base):
    """A statement that somebody put into an answer, as a source of that version."""

    __tablename__ = "statement_uses"
    __table_args__ = (sa.UniqueConstraint("statement_id", "draft_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    statement_id: Mapped[int] = mapped_column(sa.ForeignKey("statements.id"))
    inquiry_id: Mapped[int] = mapped_column(sa.ForeignKey("inquiries.id"), index=True)
    draft_id: Mapped[int] = mapped_column(sa.ForeignKey("inquiry_drafts.id"), index=True)
    used_at: Mapped[datetime] = mapped_column(UTCDateTime())
    used_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))


# The trigram index behind the search. The migration says the same. The words of a statement never change.
SEARCH_INDEX_SQLITE = (
    "CREATE VIRTUAL TABLE statement_search_index USING fts5"
    "(folded, content='statements', content_rowid='id', tokenize='trigram')",
    "CREATE TRIGGER statement_search_added AFTER INSERT ON statements BEGIN "
    "INSERT INTO statement_search_index(rowid, folded) VALUES (new.id, new.folded); END",
    "CREATE TRIGGER statement_search_changed AFTER UPDATE OF folded ON statements BEGIN "
    "INSERT INTO statement_search_index(statement_search_index, rowid, folded) "
    "VALUES ('delete', old.id, old.folded); "
    "INSERT INTO statement_search_index(rowid, folded) VALUES (new.id, new.folded); END",
)
SEARCH_INDEX_POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX ix_statements_folded ON statements USING gin (folded gin_trgm_ops)",
)
for _dialect, _statements in (("sqlite", SEARCH_INDEX_SQLITE), ("postgresql", SEARCH_INDEX_POSTGRESQL)):
    for _statement in _statements:
        sa.event.listen(Statement.__table__, "after_create", sa.DDL(_statement).execute_if(dialect=_dialect))
