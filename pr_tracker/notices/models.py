"""The outbox: each notice once for each person or address, with its mail; what people want; calendar links;
the sender's pulse."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pr_tracker.accounts.models import Person
from pr_tracker.db import Base, Json, NfcString, NfcText, UTCDateTime, str_enum
from pr_tracker.notices.rules import Choices, MailState, NoticeKind

UNREAD = sa.text("read_at IS NULL")
UNSENT = sa.text("mail_next_at IS NOT NULL")


class Notice(Base):
    """One thing told to one person, or by mail alone to an address without account. (`key`, person) and (`key`,
    address) are unique: telling twice is telling once.

    `mail_next_at` is when a sender may take the mail: not before that moment while it waits, the end of the lease
    while somebody sends it, NULL when there is nothing more to do.
    """

    __tablename__ = "notices"
    __table_args__ = (
        sa.UniqueConstraint("key", "person_id"),
        sa.UniqueConstraint("key", "address"),
        sa.CheckConstraint("(person_id IS NULL) <> (address IS NULL)", name="to_person_or_address"),
        sa.CheckConstraint("person_id <> instead_of_id", name="instead_of_another"),
        sa.CheckConstraint(
            "(mail_state IN ('waiting', 'sending')) = (mail_next_at IS NOT NULL)", name="mail_is_tried_while_open"
        ),
        sa.CheckConstraint("(mail_state = 'sending') = (mail_claim IS NOT NULL)", name="mail_claimed_while_sending"),
        sa.CheckConstraint("(mail_state = 'sent') = (mail_sent_at IS NOT NULL)", name="mail_sent_at_when_sent"),
        sa.CheckConstraint("mail_attempts >= 0", name="mail_attempts_not_negative"),
        sa.Index("ix_notices_person_id_id", "person_id", "id"),
        sa.Index("ix_notices_unread", "person_id", "id", postgresql_where=UNREAD, sqlite_where=UNREAD),
        sa.Index("ix_notices_unsent", "mail_next_at", "id", postgresql_where=UNSENT, sqlite_where=UNSENT),
        sa.Index("ix_notices_kind_id", "kind", "id"),
        sa.Index("ix_notices_mail_state_id", "mail_state", "id"),
        sa.Index("ix_notices_about_kind_about_id_id", "about_kind", "about_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(NfcString(200))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    address: Mapped[str | None] = mapped_column(NfcString(255))
    addressee: Mapped[str] = mapped_column(NfcString(120), default="", server_default="")  # whose address it is
    instead_of_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    kind: Mapped[NoticeKind] = mapped_column(str_enum(NoticeKind))
    about_kind: Mapped[str] = mapped_column(sa.String(60))
    about_id: Mapped[int]
    path: Mapped[str] = mapped_column(NfcString(300))
    data: Mapped[dict[str, Any]] = mapped_column(Json(), default=dict)
    urgent: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    mail_state: Mapped[MailState] = mapped_column(str_enum(MailState))
    mail_next_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    mail_claim: Mapped[str | None] = mapped_column(sa.String(32))
    mail_attempts: Mapped[int] = mapped_column(default=0)
    mail_sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    mail_error: Mapped[str] = mapped_column(NfcText(), default="")

    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    instead_of: Mapped[Person | None] = relationship(foreign_keys=[instead_of_id])


class NoticeChoices(Base):
    """What a person chose to get by mail; without a row the defaults hold."""

    __tablename__ = "notice_choices"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True, autoincrement=False)
    reminders_by_mail: Mapped[bool] = mapped_column(default=True)
    digest: Mapped[bool] = mapped_column(default=True)

    @property
    def choices(self) -> Choices:
        """The row as a rule's value."""
        return Choices(self.reminders_by_mail, self.digest)


class CalendarFeed(Base):
    """A person's private calendar link. The link is made from `nonce` and the secret key, so that a copy of the
    database alone opens no calendar, and the person can be shown the link again."""

    __tablename__ = "calendar_feeds"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True, autoincrement=False)
    nonce: Mapped[str] = mapped_column(sa.String(32), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())


class SenderPulse(Base):
    """When the sender last ran to its end, and which of its jobs failed then."""

    __tablename__ = "sender_pulse"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_pass_at: Mapped[datetime] = mapped_column(UTCDateTime())
    fault: Mapped[str] = mapped_column(NfcText(), default="")
