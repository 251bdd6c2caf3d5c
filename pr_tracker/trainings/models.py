"""What is stored of training: courses, classes with their venues and trainers, sessions with their materials."""

from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pr_tracker.accounts.models import Agency
from pr_tracker.db import Base, NfcString, NfcText, UTCDateTime
from pr_tracker.files import KeptFile


class Course(Base):
    """A course (khóa), held by an agency."""

    __tablename__ = "courses"
    __table_args__ = (
        sa.CheckConstraint("year BETWEEN 2000 AND 2100", name="year_sensible"),
        sa.CheckConstraint("least_attendance BETWEEN 0 AND 100", name="share_sensible"),
        sa.CheckConstraint("least_mark BETWEEN 0 AND 10", name="mark_sensible"),
        sa.CheckConstraint("valid_months > 0", name="validity_sensible"),
        sa.CheckConstraint("hours > 0", name="hours_sensible"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(NfcString(300))
    purpose: Mapped[str] = mapped_column(NfcText(), default="")
    legal_ground: Mapped[str] = mapped_column(NfcString(300), default="")
    year: Mapped[int] = mapped_column(index=True)
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agencies.id"), index=True)
    topics: Mapped[str] = mapped_column(NfcText(), default="", server_default="")  # chuyên đề, one a line
    hours: Mapped[int | None]  # periods of teaching (tiết), as planned
    # The rule of its certificates; an empty one asks for nothing.
    least_attendance: Mapped[int] = mapped_column(default=80, server_default="80")  # per cent of the sessions held
    least_mark: Mapped[Decimal | None] = mapped_column(sa.Numeric(4, 2))  # of 10, in the test
    paper_required: Mapped[bool] = mapped_column(default=False, server_default=sa.false())  # bài thu hoạch
    valid_months: Mapped[int | None]  # how long the training counts; for ever when empty
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())

    agency: Mapped[Agency] = relationship()


class TrainingClass(Base):
    """A class (lớp) of a course; its roster and its sessions hang here."""

    __tablename__ = "training_classes"
    __table_args__ = (
        sa.UniqueConstraint("course_id", "name_key"),
        sa.CheckConstraint("capacity > 0", name="capacity_sensible"),
        sa.CheckConstraint("cancelled_at IS NULL OR cancelled_because <> ''", name="cancelled_with_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(sa.ForeignKey("courses.id"))
    name: Mapped[str] = mapped_column(NfcString(120))
    name_key: Mapped[str] = mapped_column(sa.String(400))
    place: Mapped[str] = mapped_column(NfcString(200), default="")
    capacity: Mapped[int | None]  # seats; whoever is named beyond them waits
    registration_until: Mapped[datetime | None] = mapped_column(UTCDateTime())  # agencies name people until then
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime())  # it is not held; nor are its sessions
    cancelled_because: Mapped[str] = mapped_column(NfcString(300), default="", server_default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())

    course: Mapped[Course] = relationship()


class ClassVenue(Base):
    """A remote venue (điểm cầu) of a class: where some of its people sit."""

    __tablename__ = "class_venues"
    __table_args__ = (sa.UniqueConstraint("class_id", "name_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(sa.ForeignKey("training_classes.id"))
    name: Mapped[str] = mapped_column(NfcString(120))
    name_key: Mapped[str] = mapped_column(sa.String(400))
    place: Mapped[str] = mapped_column(NfcString(200), default="")
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())


class ClassTrainer(Base):
    """Somebody of the team that runs a class; whoever left the team keeps the row."""

    __tablename__ = "class_trainers"
    __table_args__ = (sa.UniqueConstraint("class_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(sa.ForeignKey("training_classes.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())


class ClassSession(Base):
    """A session (buổi) of a class. Once closed, its marks change only with a reason; a cancelled one counts nowhere."""

    __tablename__ = "class_sessions"
    __table_args__ = (
        sa.CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        sa.CheckConstraint("cancelled_at IS NULL OR cancelled_because <> ''", name="cancelled_with_reason"),
        sa.Index(None, "class_id", "starts_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(sa.ForeignKey("training_classes.id"))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime(), index=True)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime())
    topic: Mapped[str] = mapped_column(NfcString(300))  # chuyên đề
    lecturer: Mapped[str] = mapped_column(NfcString(200), default="")  # báo cáo viên
    place: Mapped[str] = mapped_column(NfcString(200), default="")  # phòng họp, điểm cầu
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime())  # of the session alone, or with its class
    cancelled_because: Mapped[str] = mapped_column(NfcString(300), default="", server_default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())

    training_class: Mapped[TrainingClass] = relationship()

    @classmethod
    def counts(cls) -> sa.ColumnElement[bool]:
        """Whether the session is held: everything that counts sessions asks this."""
        return cls.cancelled_at.is_(None)


class SessionMaterial(Base):
    """A paper of a session that its trainees download. Whoever withdraws it says why; the file stays on record."""

    __tablename__ = "session_materials"
    __table_args__ = (
        sa.CheckConstraint("withdrawn_at IS NULL OR withdrawn_because <> ''", name="withdrawn_with_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("class_sessions.id"), index=True)
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("kept_files.id"))
    added_at: Mapped[datetime] = mapped_column(UTCDateTime())
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    withdrawn_because: Mapped[str] = mapped_column(NfcString(300), default="")

    file: Mapped[KeptFile] = relationship()
