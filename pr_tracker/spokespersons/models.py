"""What is stored of who may speak: decisions that assign permanent spokespersons. Never deleted."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.db import Base, NfcString, NfcText, UTCDateTime
from pr_tracker.files import KeptFile
from pr_tracker.spokespersons.rules import SpokespersonFacts


class SpokespersonDecision(Base):
    """A decision that assigns a permanent spokesperson: in force from `decided_at` until it is ended by a paper.

    Name, title, phone and e-mail are what the portal shows; `person` is who signs in, none for an old typed decision.
    """

    __tablename__ = "spokesperson_decisions"
    __table_args__ = (
        sa.CheckConstraint(
            "ended_at IS NULL OR (ended_at >= decided_at AND end_number <> '' "
            "AND (end_reason <> '' OR replaced_by_id IS NOT NULL))",
            name="ended_with_a_paper",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agencies.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    full_name: Mapped[str] = mapped_column(NfcString(120))
    title: Mapped[str] = mapped_column(NfcString(120))
    phone: Mapped[str] = mapped_column(NfcString(40))
    email: Mapped[str] = mapped_column(NfcString(255))
    decision_number: Mapped[str] = mapped_column(NfcString(60))
    decided_at: Mapped[datetime] = mapped_column(UTCDateTime())
    scan_id: Mapped[int | None] = mapped_column(sa.ForeignKey("kept_files.id"))
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime())
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    changed_at: Mapped[datetime | None] = mapped_column(UTCDateTime())  # when what is published last changed

    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    end_number: Mapped[str] = mapped_column(NfcString(60), default="", server_default="")
    end_reason: Mapped[str] = mapped_column(NfcText(), default="", server_default="")
    replaced_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("spokesperson_decisions.id"))

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}  # noqa: RUF012

    agency: Mapped[Agency] = relationship()
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    scan: Mapped[KeptFile | None] = relationship()

    @property
    def facts(self) -> SpokespersonFacts:
        """The decision as a rule's value."""
        return SpokespersonFacts(
            self.full_name, self.title, self.phone, self.email, self.decision_number, self.decided_at
        )
