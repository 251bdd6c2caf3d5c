"""What is stored of a case that was taken over from a ledger: where it stood there."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pr_tracker.db import Base, NfcString, NfcText, UTCDateTime


class LedgerEntry(Base):
    """The line of an agency's ledger from which a case was taken over; one line, one case."""

    __tablename__ = "inquiry_ledger_entries"
    __table_args__ = (
        sa.Index(
            "uq_inquiry_ledger_entries_number",
            "agency_id",
            "year",
            "number_key",
            unique=True,
            sqlite_where=sa.text("number_key <> ''"),
            postgresql_where=sa.text("number_key <> ''"),
        ),
        sa.Index(None, "agency_id", "likeness"),
    )

    inquiry_id: Mapped[int] = mapped_column(sa.ForeignKey("inquiries.id"), primary_key=True, autoincrement=False)
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agencies.id"))  # who kept the ledger
    year: Mapped[int]  # of receipt: ledgers number anew each year
    number: Mapped[str] = mapped_column(NfcString(60), default="")  # as written there
    number_key: Mapped[str] = mapped_column(NfcString(60), default="")
    likeness: Mapped[str] = mapped_column(sa.String(64))  # of day, outlet and subject: where there is no number
    speaker: Mapped[str] = mapped_column(NfcString(200), default="")  # who spoke, as written there
    note: Mapped[str] = mapped_column(NfcText(), default="")
    version: Mapped[
        int
    ]  # of the case when it was last brought up to the ledger: another one, and people work on it here
    file_name: Mapped[str] = mapped_column(NfcString(200))
    row: Mapped[int]  # in that file
    taken_at: Mapped[datetime] = mapped_column(UTCDateTime())
    taken_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
