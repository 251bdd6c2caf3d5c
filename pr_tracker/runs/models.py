"""What is stored of runs: what was asked, how far it is, where the result lies. Rows stay, results go after a week."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pr_tracker.db import Base, Json, NfcString, UTCDateTime, str_enum
from pr_tracker.runs.rules import RunState


class Run(Base):
    """Long work that somebody asked for; only they see it."""

    __tablename__ = "runs"
    __table_args__ = (
        sa.CheckConstraint("done >= 0 AND total >= 0 AND attempts >= 0", name="counted"),
        sa.CheckConstraint("(finished_at IS NULL) = (state IN ('waiting', 'running'))", name="finished"),
        sa.CheckConstraint("(claim IS NULL) = (lease_until IS NULL)", name="claimed_under_lease"),
        sa.Index(
            "uq_runs_unfinished",
            "asked_by_id",
            "kind",
            "key",
            unique=True,
            sqlite_where=sa.text("finished_at IS NULL"),
            postgresql_where=sa.text("finished_at IS NULL"),
        ),
        sa.Index(
            "ix_runs_waiting",
            "id",
            sqlite_where=sa.text("finished_at IS NULL"),
            postgresql_where=sa.text("finished_at IS NULL"),
        ),
        sa.Index(
            "ix_runs_kept",
            "finished_at",
            sqlite_where=sa.text("stored_name IS NOT NULL AND removed_at IS NULL"),
            postgresql_where=sa.text("stored_name IS NOT NULL AND removed_at IS NULL"),
        ),
        sa.Index(None, "asked_by_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(NfcString(60))
    key: Mapped[str] = mapped_column(NfcString(200))
    title: Mapped[str] = mapped_column(NfcString(300))  # in the words of who asked
    asked: Mapped[dict[str, Any]] = mapped_column(Json())
    language: Mapped[str] = mapped_column(sa.String(2))
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime())
    state: Mapped[RunState] = mapped_column(str_enum(RunState), default=RunState.WAITING)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    claim: Mapped[str | None] = mapped_column(sa.String(32))  # of the worker that has it in hand
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime())
    begun_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    cancel_asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    fault: Mapped[str] = mapped_column(NfcString(500), default="")  # why it failed, in the words of who asked
    leads_to: Mapped[str] = mapped_column(NfcString(300), default="")
    file_name: Mapped[str] = mapped_column(NfcString(200), default="")
    media_type: Mapped[str] = mapped_column(sa.String(100), default="")
    stored_name: Mapped[str | None] = mapped_column(sa.String(64))
    size: Mapped[int | None] = mapped_column(sa.BigInteger)
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
