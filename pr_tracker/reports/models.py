"""What is stored of annual reports: section II with every text saved, and the versions that were fixed."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.db import Base, Json, NfcString, NfcText, UTCDateTime
from pr_tracker.papers.models import Paper


class AnnualReport(Base):
    """The report of one agency on one year; UBND tỉnh reports on the whole province."""

    __tablename__ = "annual_reports"
    __table_args__ = (sa.UniqueConstraint("year", "agency_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agencies.id"))
    version: Mapped[int] = mapped_column(default=1)  # of its text: what two people at once tell apart

    agency: Mapped[Agency] = relationship()


class AnnualText(Base):
    """Section II as somebody saved it: difficulties, and proposals. A saved text never changes."""

    __tablename__ = "annual_texts"
    __table_args__ = (sa.UniqueConstraint("report_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("annual_reports.id"))
    number: Mapped[int]
    difficulties: Mapped[str] = mapped_column(NfcText())
    proposals: Mapped[str] = mapped_column(NfcText())
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime())
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    author_title: Mapped[str] = mapped_column(NfcString(120))  # as held then

    author: Mapped[Person] = relationship()


class AnnualVersion(Base):
    """A version that was fixed: its figures with the cases behind them, its text, its paper. Never changes."""

    __tablename__ = "annual_versions"
    __table_args__ = (sa.UniqueConstraint("report_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("annual_reports.id"))
    number: Mapped[int]
    text_id: Mapped[int | None] = mapped_column(sa.ForeignKey("annual_texts.id"))
    figures: Mapped[list[dict[str, Any]]] = mapped_column(Json())  # rules_annual.Figure.to_json()
    cases: Mapped[list[list[dict[str, Any]]]] = mapped_column(Json(), deferred=True)  # behind each figure, in order
    fixed_at: Mapped[datetime] = mapped_column(UTCDateTime())  # the moment of the figures
    fixed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    note: Mapped[str] = mapped_column(NfcText(), default="")  # why it was fixed again
    paper_id: Mapped[int | None] = mapped_column(sa.ForeignKey("papers.id"))  # its PDF, kept for good

    report: Mapped[AnnualReport] = relationship()
    text: Mapped[AnnualText | None] = relationship()
    fixed_by: Mapped[Person | None] = relationship()
    paper: Mapped[Paper | None] = relationship()
