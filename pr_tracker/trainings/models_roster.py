"""What is stored of rosters."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pr_tracker.db import Base, NfcString, SortKey, UTCDateTime
from pr_tracker.trainings.models import TrainingClass
from pr_tracker.trainings.rules_roster import LONGEST_AGENCY, LONGEST_NAME, LONGEST_TITLE


class Participant(Base):
    """A row of a class's roster. `number` gives its code, which stays with the row for ever."""

    __tablename__ = "participants"
    __table_args__ = (
        sa.UniqueConstraint("class_id", "number"),
        sa.UniqueConstraint("class_id", "person_id"),
        sa.UniqueConstraint("class_id", "personal_code"),
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
    token: Mapped[str] = mapped_column(sa.String(32), unique=True)  # their own page, without an account
    personal_code: Mapped[str] = mapped_column(sa.String(8))  # to check in with, in the class's hall
    venue_id: Mapped[int | None] = mapped_column(sa.ForeignKey("class_venues.id"), index=True)
    waiting_at: Mapped[datetime | None] = mapped_column(UTCDateTime())  # since when on the waiting list; None: a seat
    walk_in: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    active: Mapped[bool] = mapped_column(default=True)
    removed_because: Mapped[str] = mapped_column(NfcString(300), default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())

    training_class: Mapped[TrainingClass] = relationship()

    @classmethod
    def seated(cls) -> sa.ColumnElement[bool]:
        """Who has a place in the class: neither taken off the roster nor waiting."""
        return sa.and_(cls.active, cls.waiting_at.is_(None))
