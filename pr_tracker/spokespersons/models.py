"""What is stored of who may speak: permanent spokespersons by decision, authorised persons by paper. Never deleted."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.db import Base, NfcString, NfcText, UTCDateTime
from pr_tracker.files import KeptFile
from pr_tracker.spokespersons.rules import SpokespersonFacts
from pr_tracker.spokespersons.rules_authority import Matter, Paper, Term


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


class Authorisation(Base):
    """The head lets somebody speak in one matter for a definite term (ủy quyền phát ngôn). Never deleted.

    Without `granted_at` it is a draft that gives no right: the paper has no number and date yet.
    """

    __tablename__ = "authorisations"
    __table_args__ = (
        sa.CheckConstraint("(inquiry_id IS NULL) <> (incident_id IS NULL)", name="one_matter"),
        sa.CheckConstraint("until_at > from_at", name="ends_after_it_begins"),
        sa.CheckConstraint("person_id <> giver_id", name="not_for_oneself"),
        sa.CheckConstraint("granted_at IS NULL OR (number <> '' AND signed_on IS NOT NULL)", name="granted_in_writing"),
        sa.CheckConstraint("(granted_at IS NULL) = (granted_by_id IS NULL)", name="granted_by_somebody"),
        sa.CheckConstraint("revoked_at IS NULL OR revoke_reason <> ''", name="revoked_with_reason"),
        sa.Index(None, "inquiry_id", "person_id"),
        sa.Index(None, "incident_id", "person_id"),
        sa.Index(None, "person_id", "until_at"),
        sa.Index(None, "agency_id", "until_at", "id"),
        sa.Index(
            "ix_authorisations_to_end",
            "until_at",
            "id",
            sqlite_where=sa.text("told_at IS NULL"),
            postgresql_where=sa.text("told_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agencies.id"))  # for which is spoken
    giver_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))  # its head
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    person_agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agencies.id"))  # where the person worked then
    inquiry_id: Mapped[int | None] = mapped_column(sa.ForeignKey("inquiries.id"))
    incident_id: Mapped[int | None] = mapped_column(sa.ForeignKey("incidents.id"))
    matter_code: Mapped[str] = mapped_column(NfcString(40))
    matter_title: Mapped[str] = mapped_column(NfcString(300))
    matter_words: Mapped[str] = mapped_column(NfcText())  # what the paper says
    number: Mapped[str] = mapped_column(NfcString(60), default="")
    signed_on: Mapped[date | None]
    from_at: Mapped[datetime] = mapped_column(UTCDateTime())
    until_at: Mapped[datetime] = mapped_column(UTCDateTime())
    scan_id: Mapped[int | None] = mapped_column(sa.ForeignKey("kept_files.id"))
    shown_publicly: Mapped[bool] = mapped_column(default=False)

    prepared_at: Mapped[datetime] = mapped_column(UTCDateTime())
    prepared_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    granted_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    granted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    revoked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))  # None: the person left the agency
    revoke_reason: Mapped[str] = mapped_column(NfcText(), default="")
    remind_at: Mapped[datetime | None] = mapped_column(UTCDateTime())  # when both are reminded of the end
    told_at: Mapped[datetime | None] = mapped_column(UTCDateTime())  # both know that it has ended

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}  # noqa: RUF012

    agency: Mapped[Agency] = relationship(foreign_keys=[agency_id])
    giver: Mapped[Person] = relationship(foreign_keys=[giver_id])
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    scan: Mapped[KeptFile | None] = relationship()

    @property
    def matter(self) -> Matter:
        """The matter as a rule's value."""
        return Matter(self.inquiry_id, self.incident_id)

    @property
    def term(self) -> Term:
        """The term, shortened by a revocation."""
        return Term(self.from_at, self.until_at, self.revoked_at)

    @property
    def paper(self) -> Paper | None:
        """The document, once it has a number and a date."""
        return Paper(self.number, self.signed_on) if self.number and self.signed_on else None

    @property
    def matter_path(self) -> str:
        """Where the matter is read."""
        return f"/inquiries/{self.inquiry_id}" if self.inquiry_id else f"/incidents/{self.incident_id}"
