"""What is stored of training: courses, classes, sessions, rosters, and one mark per session and person."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pr_tracker.accounts.models import Agency
from pr_tracker.db import Base, NfcString, NfcText, SortKey, UTCDateTime, str_enum
from pr_tracker.trainings.rules import LONGEST_AGENCY, LONGEST_NAME, LONGEST_REMARK, LONGEST_TITLE, Mark


class Course(Base):
    """A course (khóa), held by an agency."""

    __tablename__ = "courses"
    __table_args__ = (sa.CheckConstraint("year BETWEEN 2000 AND 2100", name="year_sensible"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(NfcString(300))
    purpose: Mapped[str] = mapped_column(NfcText(), default="")
    legal_ground: Mapped[str] = mapped_column(NfcString(300), default="")
    year: Mapped[int] = mapped_column(index=True)
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agencies.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())

    agency: Mapped[Agency] = relationship()


class TrainingClass(Base):
    """A class (lớp) of a course; its roster and its sessions hang here."""

    __tablename__ = "training_classes"
    __table_args__ = (sa.UniqueConstraint("course_id", "name_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(sa.ForeignKey("courses.id"))
    name: Mapped[str] = mapped_column(NfcString(120))
    name_key: Mapped[str] = mapped_column(sa.String(400))
    place: Mapped[str] = mapped_column(NfcString(200), default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())

    course: Mapped[Course] = relationship()


class ClassSession(Base):
    """A session (buổi) of a class. Once closed, its marks change only with a reason."""

    __tablename__ = "class_sessions"
    __table_args__ = (
        sa.CheckConstraint("ends_at > starts_at", name="ends_after_start"),
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
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())

    training_class: Mapped[TrainingClass] = relationship()


class Participant(Base):
    """A row of a class's roster. `number` gives its code, which stays with the row for ever."""

    __tablename__ = "participants"
    __table_args__ = (
        sa.UniqueConstraint("class_id", "number"),
        sa.UniqueConstraint("class_id", "person_id"),
        sa.CheckConstraint("active OR removed_because <> ''", name="removed_with_reason"),
        sa.Index(None, "class_id", "sort_key", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(sa.ForeignKey("training_classes.id"))
    number: Mapped[int]
    full_name: Mapped[str] = mapped_column(NfcString(LONGEST_NAME))
    title: Mapped[str] = mapped_column(NfcString(LONGEST_TITLE), default="")  # chức vụ
    agency_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agencies.id"), index=True)
    agency_name: Mapped[str] = mapped_column(NfcString(LONGEST_AGENCY), default="")
    phone: Mapped[str] = mapped_column(NfcString(60), default="")
    email: Mapped[str] = mapped_column(NfcString(255), default="")
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    sort_key: Mapped[str] = mapped_column(SortKey())
    active: Mapped[bool] = mapped_column(default=True)
    removed_because: Mapped[str] = mapped_column(NfcString(300), default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())

    training_class: Mapped[TrainingClass] = relationship()


class AttendanceMark(Base):
    """What the roll call says of one person in one session, by whom and when."""

    __tablename__ = "attendance_marks"
    __table_args__ = (sa.UniqueConstraint("session_id", "participant_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("class_sessions.id"))
    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participants.id"), index=True)
    mark: Mapped[Mark] = mapped_column(str_enum(Mark))
    remark: Mapped[str] = mapped_column(NfcString(LONGEST_REMARK), default="")
    marked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    marked_at: Mapped[datetime] = mapped_column(UTCDateTime())
    version: Mapped[int] = mapped_column(default=1)
    corrected_because: Mapped[str] = mapped_column(NfcString(300), default="")
