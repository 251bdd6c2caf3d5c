"""What is stored of rosters: quotas of agencies, people, their answers to the invitation."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pr_tracker.db import Base, NfcString, NfcText, SortKey, UTCDateTime, str_enum
from pr_tracker.trainings.models import TrainingClass
from pr_tracker.trainings.rules_invitations import LONGEST_REASON, Reply
from pr_tracker.trainings.rules_roster import LONGEST_AGENCY, LONGEST_NAME, LONGEST_TITLE


class ClassQuota(Base):
    """How many people an agency may name for a class."""

    __tablename__ = "class_quotas"
    __table_args__ = (
        sa.UniqueConstraint("class_id", "agency_id"),
        sa.CheckConstraint("seats >= 0", name="seats_sensible"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(sa.ForeignKey("training_classes.id"))
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agencies.id"), index=True)
    seats: Mapped[int]
    asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime())  # when the agency was last asked to name people


class ClassInvitation(Base):
    """What the letters of invitation of a class say besides its plan; numbered and dated once they are signed."""

    __tablename__ = "class_invitations"
    __table_args__ = (sa.CheckConstraint("number = '' OR signed_on IS NOT NULL", name="numbered_when_signed"),)

    class_id: Mapped[int] = mapped_column(sa.ForeignKey("training_classes.id"), primary_key=True, autoincrement=False)
    number: Mapped[str] = mapped_column(NfcString(60), default="")
    signed_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(NfcText(), default="")  # what to bring, who pays for what
    contact: Mapped[str] = mapped_column(NfcString(300), default="")  # whom to ask
    version: Mapped[int] = mapped_column(default=1)


class Participant(Base):
    """A row of a class's roster. `number` gives its code, which stays with the row for ever."""

    __tablename__ = "participants"
    __table_args__ = (
        sa.UniqueConstraint("class_id", "number"),
        sa.UniqueConstraint("class_id", "person_id"),
        sa.UniqueConstraint("class_id", "personal_code"),
        sa.CheckConstraint("active OR removed_because <> ''", name="removed_with_reason"),
        sa.CheckConstraint("reply <> 'apologised' OR reply_reason <> ''", name="apologised_with_reason"),
        sa.CheckConstraint("(reply = 'open') = (replied_at IS NULL)", name="replied_at_some_time"),
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
    token: Mapped[str] = mapped_column(NfcString(32), unique=True)  # their own page, without an account
    personal_code: Mapped[str] = mapped_column(sa.String(8))  # to check in with, in the class's hall
    venue_id: Mapped[int | None] = mapped_column(sa.ForeignKey("class_venues.id"), index=True)
    waiting_at: Mapped[datetime | None] = mapped_column(UTCDateTime())  # since when on the waiting list; None: a seat
    walk_in: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    named_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))  # who of the agency named them
    invited_at: Mapped[datetime | None] = mapped_column(UTCDateTime())  # when the invitation was last sent
    reply: Mapped[Reply] = mapped_column(str_enum(Reply), default=Reply.OPEN, server_default=Reply.OPEN)
    replied_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    reply_reason: Mapped[str] = mapped_column(NfcString(LONGEST_REASON), default="", server_default="")
    substitute_of_id: Mapped[int | None] = mapped_column(sa.ForeignKey("participants.id"), index=True)
    active: Mapped[bool] = mapped_column(default=True)
    removed_because: Mapped[str] = mapped_column(NfcString(300), default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())

    training_class: Mapped[TrainingClass] = relationship()

    @classmethod
    def seated(cls) -> sa.ColumnElement[bool]:
        """Who has a place in the class: not taken off the roster, not waiting, nobody sent instead."""
        return sa.and_(cls.active, cls.waiting_at.is_(None), cls.reply != Reply.SUBSTITUTED)

    @classmethod
    def takes_seat(cls) -> sa.ColumnElement[bool]:
        """Who has a place and has not apologised: what capacity and quotas count."""
        return sa.and_(cls.seated(), cls.reply != Reply.APOLOGISED)


class SessionApology(Base):
    """Somebody apologised in advance from one session of the class; withdrawn, it stays on record as not active."""

    __tablename__ = "session_apologies"
    __table_args__ = (sa.UniqueConstraint("session_id", "participant_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("class_sessions.id"))
    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participants.id"), index=True)
    reason: Mapped[str] = mapped_column(NfcString(LONGEST_REASON))
    active: Mapped[bool] = mapped_column(default=True)
    apologised_at: Mapped[datetime] = mapped_column(UTCDateTime())
