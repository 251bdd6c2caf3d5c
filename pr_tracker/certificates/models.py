"""What is stored of certificates: the layout of a course, runs that issue them, the certificates themselves."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pr_tracker.certificates.rules import Status, write_number
from pr_tracker.db import Base, Json, NfcString, UTCDateTime, str_enum
from pr_tracker.files import KeptFile
from pr_tracker.trainings.models import TrainingClass
from pr_tracker.trainings.models_roster import Participant


def _only_where(name: str, column: str, where: str) -> sa.Index:
    return sa.Index(name, column, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


class CertificateNumber(Base):
    """The last number given in a year; locked while one is taken, so that there is no gap."""

    __tablename__ = "certificate_numbers"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class CertificateLayout(Base):
    """The layout of a course's certificates, where it is not the ordinary one: rules_layout.Layout as JSON."""

    __tablename__ = "certificate_layouts"

    course_id: Mapped[int] = mapped_column(sa.ForeignKey("courses.id"), primary_key=True, autoincrement=False)
    texts: Mapped[dict[str, Any]] = mapped_column(Json())
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime())


class CertificateRun(Base):
    """Certificates for a class in one go: whom they are for, in order, and how far it has come."""

    __tablename__ = "certificate_runs"
    __table_args__ = (
        sa.CheckConstraint("done >= issued AND issued >= 0", name="counted"),
        _only_where("uq_certificate_runs_unfinished", "class_id", "finished_at IS NULL"),
        sa.Index(None, "class_id", "id"),
        sa.Index(
            "ix_certificate_runs_waiting",
            "id",
            sqlite_where=sa.text("finished_at IS NULL"),
            postgresql_where=sa.text("finished_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(sa.ForeignKey("training_classes.id"))
    issued_on: Mapped[date]
    layout: Mapped[dict[str, Any]] = mapped_column(Json())  # as it was when the run was asked for
    people: Mapped[list[int]] = mapped_column(Json())  # ids of participants, in the order of their numbers
    done: Mapped[int] = mapped_column(default=0)  # of those people: issued, or passed over
    issued: Mapped[int] = mapped_column(default=0)
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime())
    begun_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    training_class: Mapped[TrainingClass] = relationship()


class Certificate(Base):
    """A certificate (giấy chứng nhận) as it was given; another may take its place, or it is revoked. Never deleted."""

    __tablename__ = "certificates"
    __table_args__ = (
        sa.UniqueConstraint("year", "number"),
        sa.CheckConstraint("number > 0", name="number_positive"),
        sa.CheckConstraint(
            "(status = 'valid') = (ended_at IS NULL) AND (status = 'valid' OR ended_because <> '')",
            name="ended_with_reason",
        ),
        _only_where("uq_certificates_valid", "participant_id", "status = 'valid'"),
        sa.Index(None, "participant_id", "id"),
        sa.Index(None, "class_id", "year", "number"),
        sa.Index(None, "run_id", "file_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    number: Mapped[int]
    code: Mapped[str] = mapped_column(sa.String(20), unique=True)
    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participants.id"))
    class_id: Mapped[int] = mapped_column(sa.ForeignKey("training_classes.id"))
    run_id: Mapped[int | None] = mapped_column(sa.ForeignKey("certificate_runs.id"))
    replaces_id: Mapped[int | None] = mapped_column(sa.ForeignKey("certificates.id"), unique=True)
    paper: Mapped[dict[str, Any]] = mapped_column(Json())  # every word on it: a filled rules_layout.Layout
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("kept_files.id"))  # its PDF, once it is drawn
    issued_on: Mapped[date]
    valid_until: Mapped[date | None]
    issued_at: Mapped[datetime] = mapped_column(UTCDateTime())
    issued_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    status: Mapped[Status] = mapped_column(str_enum(Status, "certificate_status"), default=Status.VALID)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    ended_because: Mapped[str] = mapped_column(NfcString(300), default="")
    version: Mapped[int] = mapped_column(default=1)

    participant: Mapped[Participant] = relationship()
    training_class: Mapped[TrainingClass] = relationship()
    file: Mapped[KeptFile | None] = relationship()

    @property
    def written_number(self) -> str:
        """0012/2026."""
        return write_number(self.year, self.number)
