"""What is stored of papers: the code and fingerprint of each, whether it still holds, its file while it is kept."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.db import Base, NfcString, UTCDateTime, str_enum
from pr_tracker.files import KeptFile
from pr_tracker.papers.rules import LONGEST_REASON, LONGEST_TITLE, PaperKind, Status, status_of

_STANDING = sa.text("superseded_at IS NULL AND withdrawn_at IS NULL")
_LOOSE = sa.text("file_id IS NOT NULL AND signed_at IS NULL AND NOT kept")


class Paper(Base):
    """A PDF that left this office. `key` says what it is of; of one key at most one paper stands. Never deleted."""

    __tablename__ = "papers"
    __table_args__ = (
        sa.CheckConstraint("size > 0", name="size_positive"),
        sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_because = '')", name="withdrawn_with_reason"),
        sa.CheckConstraint("(signed_at IS NULL) = (signed_digest IS NULL)", name="signed_with_digest"),
        sa.Index("uq_papers_standing", "key", unique=True, sqlite_where=_STANDING, postgresql_where=_STANDING),
        sa.Index("ix_papers_loose", "issued_at", sqlite_where=_LOOSE, postgresql_where=_LOOSE),
        sa.Index(None, "issued_at", "id"),
        sa.Index(None, "holder_id", "issued_at", "id"),
        sa.Index(None, "digest"),
        sa.Index(None, "signed_digest"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(20), unique=True)
    kind: Mapped[PaperKind] = mapped_column(str_enum(PaperKind))
    key: Mapped[str] = mapped_column(NfcString(200))
    title: Mapped[str] = mapped_column(NfcString(LONGEST_TITLE))
    search_text: Mapped[str] = mapped_column(sa.Text)
    agency_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agencies.id"))  # whose name stands at its head
    holder_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agencies.id"))  # whose people issued it and see it
    digest: Mapped[str] = mapped_column(sa.String(64))  # SHA-256 of the file as it was drawn
    size: Mapped[int]  # octets, of the same
    issued_at: Mapped[datetime] = mapped_column(UTCDateTime())
    issued_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    replaces_id: Mapped[int | None] = mapped_column(sa.ForeignKey("papers.id"), unique=True)
    superseded_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    withdrawn_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    withdrawn_because: Mapped[str] = mapped_column(NfcString(LONGEST_REASON), default="")
    signed_digest: Mapped[str | None] = mapped_column(sa.String(64))  # SHA-256 of the file with its signature
    signed_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    signed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    signed_as: Mapped[str] = mapped_column(NfcString(200), default="")  # whom the certificate names
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("kept_files.id"))  # the signed file once there is one
    kept: Mapped[bool] = mapped_column(default=False)  # its file stays for good
    version: Mapped[int] = mapped_column(default=1)

    agency: Mapped[Agency | None] = relationship(foreign_keys=[agency_id])
    issued_by: Mapped[Person | None] = relationship(foreign_keys=[issued_by_id])
    file: Mapped[KeptFile | None] = relationship()

    @property
    def status(self) -> Status:
        """What has become of it."""
        return status_of(superseded=self.superseded_at is not None, withdrawn=self.withdrawn_at is not None)
