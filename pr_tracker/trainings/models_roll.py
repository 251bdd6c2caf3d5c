"""What is stored of the roll call: one mark per session and person, the scans of signed sheets."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pr_tracker.db import Base, NfcString, UTCDateTime, str_enum
from pr_tracker.files import KeptFile
from pr_tracker.trainings.rules_roll import LONGEST_REMARK, Mark, Source


class SessionScan(Base):
    """The scan of a session's signed sheet, kept as evidence. Whoever withdraws one says why; the file stays."""

    __tablename__ = "session_scans"
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


class AttendanceMark(Base):
    """What the roll call says of one person in one session, by whom and when."""

    __tablename__ = "attendance_marks"
    __table_args__ = (sa.UniqueConstraint("session_id", "participant_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("class_sessions.id"))
    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participants.id"), index=True)
    mark: Mapped[Mark] = mapped_column(str_enum(Mark))
    source: Mapped[Source] = mapped_column(str_enum(Source), default=Source.ROLL, server_default=Source.ROLL.value)
    arrived_at: Mapped[datetime | None] = mapped_column(UTCDateTime())  # when they checked in, if they did
    remark: Mapped[str] = mapped_column(NfcString(LONGEST_REMARK), default="")
    marked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    marked_at: Mapped[datetime] = mapped_column(UTCDateTime())
    version: Mapped[int] = mapped_column(default=1)
    corrected_because: Mapped[str] = mapped_column(NfcString(300), default="")
