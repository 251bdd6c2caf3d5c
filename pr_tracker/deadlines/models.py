"""What the office has entered: days of the calendar, and the terms no confirmed text sets."""

from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pr_tracker.db import Base, Json, NfcString, NfcText, UTCDateTime, seldom_changed, str_enum
from pr_tracker.deadlines.rules import ClockKey
from pr_tracker.deadlines.rules_calendar import DayKind
from pr_tracker.deadlines.rules_table import Confidence
from pr_tracker.deadlines.rules_terms import MOST_DAYS


class CalendarEntry(Base):
    """A day a person entered; once confirmed it replaces what the calendar was shipped with.

    Never deleted: a day that is changed gets a new entry, and the former one is withdrawn.
    """

    __tablename__ = "calendar_entries"
    __table_args__ = (
        sa.Index(
            "uq_calendar_entries_current",
            "day",
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(sa.Date)
    kind: Mapped[DayKind] = mapped_column(str_enum(DayKind))
    name: Mapped[str] = mapped_column(NfcString(200), default="")
    decision: Mapped[str | None] = mapped_column(NfcString(100))
    confirmed: Mapped[bool] = mapped_column(default=False)
    swapped_with: Mapped[date | None] = mapped_column(sa.Date)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime())
    changed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    withdrawn_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    withdrawn_why: Mapped[str | None] = mapped_column(NfcText())  # None where a newer entry took its place
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy reads it so


class AgencyTerm(Base):
    """An internal term of one agency, in working days."""

    __tablename__ = "agency_terms"
    __table_args__ = (
        sa.UniqueConstraint("agency_id", "key"),
        sa.CheckConstraint(f"working_days BETWEEN 1 AND {MOST_DAYS}", name="working_days_in_range"),
        sa.CheckConstraint("key IN ('internal_reply', 'internal_input')", name="key_internal"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agencies.id"))
    key: Mapped[ClockKey] = mapped_column(str_enum(ClockKey))
    working_days: Mapped[int]


class ProvinceTerm(Base):
    """A statutory term nobody has confirmed yet, as the province has set it, in the unit of its rule."""

    __tablename__ = "province_terms"
    __table_args__ = (
        sa.CheckConstraint(f"days BETWEEN 1 AND {MOST_DAYS}", name="days_in_range"),
        sa.CheckConstraint(
            "key IN ('complaint_acceptance_notice', 'denunciation_acceptance_notice')", name="key_unconfirmed"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[ClockKey] = mapped_column(str_enum(ClockKey), unique=True)
    days: Mapped[int]


class AgencyShares(Base):
    """How an agency shares out a case's time among the stages, in percent."""

    __tablename__ = "agency_shares"
    __table_args__ = (
        sa.CheckConstraint("draft + agency + approval + release = 100", name="make_100_percent"),
        sa.CheckConstraint("draft > 0 AND agency >= 0 AND approval >= 0 AND release >= 0", name="in_range"),
    )

    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agencies.id"), primary_key=True, autoincrement=False)
    draft: Mapped[int]
    agency: Mapped[int]
    approval: Mapped[int]
    release: Mapped[int]


class OfficeHoursRow(Base):
    """When the province's offices work on a working day; one row, none while the default holds."""

    __tablename__ = "office_hours"
    __table_args__ = (
        sa.CheckConstraint("id = 1", name="one_row"),
        sa.CheckConstraint(
            "morning_from < morning_to AND morning_to <= afternoon_from AND afternoon_from < afternoon_to",
            name="in_order",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    morning_from: Mapped[time]
    morning_to: Mapped[time]
    afternoon_from: Mapped[time]
    afternoon_to: Mapped[time]


class ClockVersionRow(Base):
    """A version of a clock that an administrator entered; its trigger and who must act are those of the one before.

    Never changed: a newer one supersedes it, and one that has not begun may be withdrawn.
    """

    __tablename__ = "clock_versions"
    __table_args__ = (
        sa.CheckConstraint(f"stop_days BETWEEN 0 AND {MOST_DAYS}", name="stop_days_in_range"),
        sa.CheckConstraint(f"extension_days BETWEEN 0 AND {MOST_DAYS}", name="extension_days_in_range"),
        sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)", name="withdrawn_by_somebody"),
        sa.Index(
            "uq_clock_versions_one_a_day",
            "key",
            "valid_from",
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[ClockKey] = mapped_column(str_enum(ClockKey))
    valid_from: Mapped[date] = mapped_column(sa.Date)
    term: Mapped[dict[str, Any]] = mapped_column(Json())
    basis: Mapped[list[dict[str, Any]]] = mapped_column(Json())
    confidence: Mapped[Confidence] = mapped_column(str_enum(Confidence))
    stop_days: Mapped[int] = mapped_column(default=0)
    extension_days: Mapped[int] = mapped_column(default=0)
    ladder: Mapped[dict[str, Any] | None] = mapped_column(Json())
    note: Mapped[str] = mapped_column(NfcText(), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    withdrawn_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)

    @property
    def code(self) -> str:
        """The code its version has in the book."""
        return f"{self.key}@{self.valid_from.isoformat()}"


seldom_changed(CalendarEntry, AgencyTerm, ProvinceTerm, OfficeHoursRow, ClockVersionRow)
