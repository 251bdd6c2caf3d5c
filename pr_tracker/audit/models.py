"""What is stored of every act: append-only entries and the head of their chain."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pr_tracker.db import Base, Json, NfcString, UTCDateTime


class AuditEntry(Base):
    """One act: who, when, what, on which thing. Never changed, never deleted."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        sa.Index(None, "subject_kind", "subject_id", "number"),
        sa.Index("ix_audit_entries_event", "event", "number"),
        sa.Index("ix_audit_entries_at", "at"),
        sa.CheckConstraint("number > 0", name="number_positive"),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UTCDateTime())
    actor_id: Mapped[int | None] = mapped_column(index=True)
    actor_name: Mapped[str] = mapped_column(NfcString(200))
    event: Mapped[str] = mapped_column(NfcString(60))
    subject_kind: Mapped[str] = mapped_column(NfcString(60))
    subject_id: Mapped[int | None]
    data: Mapped[dict[str, Any]] = mapped_column(Json())
    previous_hash: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64))


class AuditHead(Base):
    """The one row that knows the last entry; locking it puts writers in line."""

    __tablename__ = "audit_head"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_number: Mapped[int]
    last_hash: Mapped[str] = mapped_column(sa.String(64))
