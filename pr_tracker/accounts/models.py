"""Agencies, people, their roles and their passkeys."""

from datetime import date, datetime

import sqlalchemy as sa
from flask_security import AsaList, UserMixin, WebAuthnMixin
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pr_tracker.accounts.rules import AgencyKind, SigningForm, Tally, sees_all
from pr_tracker.db import Base, NfcString, SortKey, UTCDateTime, seldom_changed, str_enum
from pr_tracker.permissions import Permission, Role, granted


class Agency(Base):
    """A body that may be asked by the press; agencies form a tree by `superior_id`."""

    __tablename__ = "agencies"
    __table_args__ = (sa.CheckConstraint("superior_id IS NULL OR superior_id <> id", name="not_own_superior"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(NfcString(30), unique=True)
    name: Mapped[str] = mapped_column(NfcString(200), unique=True)
    short_name: Mapped[str] = mapped_column(NfcString(100))
    sort_key: Mapped[str] = mapped_column(SortKey(), index=True)
    search_text: Mapped[str] = mapped_column(sa.Text, default="")
    kind: Mapped[AgencyKind] = mapped_column(str_enum(AgencyKind))
    signing_form: Mapped[SigningForm] = mapped_column(str_enum(SigningForm), default=SigningForm.HEAD)
    superior_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agencies.id"), index=True)
    head_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id", use_alter=True), index=True)
    second_approval: Mapped[bool] = mapped_column(default=False, server_default=sa.false())  # by UBND tỉnh, always
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    superior: Mapped["Agency | None"] = relationship(remote_side=[id])
    head: Mapped["Person | None"] = relationship(foreign_keys=[head_id], post_update=True)


class HeadTenure(Base):
    """Who headed an agency, under which title, from when to when; no beginning: since before the record."""

    __tablename__ = "head_tenures"
    __table_args__ = (
        sa.CheckConstraint("from_at IS NULL OR until_at IS NULL OR from_at <= until_at", name="from_before_until"),
        sa.Index(
            "uq_head_tenures_present",
            "agency_id",
            unique=True,
            sqlite_where=sa.text("until_at IS NULL"),
            postgresql_where=sa.text("until_at IS NULL"),
        ),
        sa.Index(None, "agency_id", "until_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agencies.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    title: Mapped[str] = mapped_column(NfcString(120), default="")
    from_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    until_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    changed_at: Mapped[datetime | None] = mapped_column(UTCDateTime())  # when this line was last written


class PersonRole(Base):
    """One role of one person."""

    __tablename__ = "person_roles"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(str_enum(Role), primary_key=True)


class Person(Base, UserMixin):
    """Somebody who signs in; belongs to one agency. The columns below `fs_uniquifier` are Flask-Security's."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    full_name: Mapped[str] = mapped_column(NfcString(120))
    title: Mapped[str] = mapped_column(NfcString(120), default="")  # chức vụ
    phone: Mapped[str] = mapped_column(NfcString(40), default="")
    sort_key: Mapped[str] = mapped_column(SortKey(), index=True)
    search_text: Mapped[str] = mapped_column(sa.Text, default="")
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agencies.id"), index=True)
    language: Mapped[str | None] = mapped_column(sa.String(2))
    shortcuts_off: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    version: Mapped[int] = mapped_column(default=1)
    tf_last_counter: Mapped[int | None]  # the last code of the authenticator app: none is taken twice

    email: Mapped[str] = mapped_column(NfcString(255), unique=True)
    password: Mapped[str | None] = mapped_column(sa.String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(sa.String(64), unique=True)
    tf_primary_method: Mapped[str | None] = mapped_column(sa.String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(sa.String(255))
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))

    agency: Mapped[Agency] = relationship(foreign_keys=[agency_id], lazy="joined")
    role_rows: Mapped[list[PersonRole]] = relationship(cascade="all, delete-orphan", lazy="selectin")
    webauthn: Mapped[list["Passkey"]] = relationship(back_populates="user", cascade="all, delete-orphan")

    @property
    def roles(self) -> set[Role]:
        """The person's roles."""
        return {row.role for row in self.role_rows}

    @roles.setter
    def roles(self, roles: set[Role]) -> None:
        kept = {row.role: row for row in self.role_rows}
        self.role_rows = [kept.get(role) or PersonRole(role=role) for role in sorted(roles)]

    def may(self, permission: Permission) -> bool:
        """Whether one of the person's roles grants it; which objects it covers is not asked here."""
        return permission in granted(self.roles)

    @property
    def sees_all(self) -> bool:
        """Whether every inquiry is theirs to see."""
        return sees_all(self.roles, self.agency.kind)


class Absence(Base):
    """A person is away from one day to another, both included, and somebody of their agency stands in."""

    __tablename__ = "absences"
    __table_args__ = (
        sa.CheckConstraint("from_on <= to_on", name="from_before_to"),
        sa.CheckConstraint("person_id <> substitute_id", name="not_own_substitute"),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_by_somebody"),
        sa.Index("ix_absences_person", "person_id", "to_on"),
        sa.Index("ix_absences_substitute", "substitute_id", "to_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    substitute_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    from_on: Mapped[date]
    to_on: Mapped[date]
    note: Mapped[str] = mapped_column(NfcString(300), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime())  # back early, or entered by mistake
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    substitute: Mapped[Person] = relationship(foreign_keys=[substitute_id])


class Passkey(Base, WebAuthnMixin):
    """A WebAuthn credential, in Flask-Security's shape."""

    __tablename__ = "passkeys"

    id: Mapped[int] = mapped_column(primary_key=True)
    credential_id: Mapped[bytes] = mapped_column(sa.LargeBinary(1024), index=True, unique=True)
    public_key: Mapped[bytes] = mapped_column(sa.LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    transports: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))
    backup_state: Mapped[bool]
    device_type: Mapped[str] = mapped_column(sa.String(64))
    extensions: Mapped[str | None] = mapped_column(sa.String(255))
    lastuse_datetime: Mapped[datetime] = mapped_column(UTCDateTime())
    name: Mapped[str] = mapped_column(NfcString(64))
    usage: Mapped[str] = mapped_column(sa.String(64))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id", ondelete="CASCADE"), index=True)

    user: Mapped[Person] = relationship(back_populates="webauthn")


class SignInTally(Base):
    """Failed sign-ins with one address, known or unknown alike: nobody learns from it which addresses exist."""

    __tablename__ = "sign_in_tallies"
    __table_args__ = (sa.CheckConstraint("failed_sign_ins >= 0", name="failed_sign_ins_not_negative"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    address_digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    failed_sign_ins: Mapped[int] = mapped_column(default=0)
    last_failed_at: Mapped[datetime] = mapped_column(UTCDateTime(), index=True)
    locked_until: Mapped[datetime | None] = mapped_column(UTCDateTime())

    @property
    def tally(self) -> Tally:
        """The row as a rule's value."""
        return Tally(self.failed_sign_ins, self.last_failed_at, self.locked_until)


seldom_changed(Person, PersonRole, Absence)  # who stands in for whom
