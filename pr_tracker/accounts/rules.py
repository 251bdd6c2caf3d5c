"""Agencies and people: kinds, signing forms, who sees what (domain.md §2); when sign-in closes; passwords."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from pr_tracker.errors import N_
from pr_tracker.permissions import Role

FAILURES_ALLOWED = 10  # failed sign-ins in a row before an address is closed
CLOSED_FOR = timedelta(minutes=15)
FAILURES_FORGOTTEN_AFTER = timedelta(hours=1)
ABSENCE_LONGEST = timedelta(days=366)
PASSWORD_LENGTH_MIN = 12
PASSWORD_DIFFERENT_CHARACTERS = 5
DEMO_PASSWORD = "demo-press-desk"  # noqa: S105 - public on purpose; production refuses it


class AgencyKind(StrEnum):
    """What an agency is in the province."""

    PROVINCE = "province"  # Ủy ban nhân dân tỉnh
    PROVINCE_OFFICE = "province_office"  # Văn phòng UBND tỉnh
    DEPARTMENT = "department"  # sở, thanh tra
    COMMUNE = "commune"  # xã, phường, đặc khu

    @property
    def sees_whole_province(self) -> bool:
        """The province's leaders and its office follow every inquiry."""
        return self in (AgencyKind.PROVINCE, AgencyKind.PROVINCE_OFFICE)


def sees_all(roles: Collection[Role], kind: AgencyKind) -> bool:
    """Supervisors, and staff and heads of the province and its office, see every inquiry."""
    works = Role.STAFF in roles or Role.HEAD in roles
    return Role.SUPERVISOR in roles or (works and kind.sees_whole_province)


class SigningForm(StrEnum):
    """How papers are signed (Decree 30/2020/NĐ-CP Art 13)."""

    HEAD = "head"  # chế độ thủ trưởng
    COLLECTIVE = "collective"  # chế độ tập thể: TM.


class AccountEvent(StrEnum):
    """What the audit log says of agencies and people."""

    AGENCY_ADD = "agency:add"
    AGENCY_CHANGE = "agency:change"
    PERSON_ADD = "person:add"
    PERSON_CHANGE = "person:change"
    PERSON_ROLES = "person:roles"
    PREFERENCES = "person:preferences"
    SIGN_IN = "person:sign_in"
    SIGN_IN_FAILED = "person:sign_in_failed"
    LOCKED_OUT = "person:locked_out"
    UNLOCKED = "person:unlocked"
    LINK_SENT = "person:password:link"
    PASSWORD_CHANGE = "person:password:change"  # noqa: S105 - the name of an event
    PASSWORD_RESET = "person:password:reset"  # noqa: S105 - the name of an event
    AUTHENTICATOR_ON = "person:authenticator:on"
    AUTHENTICATOR_OFF = "person:authenticator:off"
    RECOVERY_CODES = "person:recovery_codes"
    PASSKEY_ADD = "person:passkey:add"
    PASSKEY_REMOVE = "person:passkey:remove"
    SIGN_IN_STEPS_RESET = "person:sign_in_steps:reset"
    SESSIONS_END = "person:sessions:end"
    ABSENCE_ENTER = "person:absence:enter"
    ABSENCE_END = "person:absence:end"


@dataclass(frozen=True)
class Tally:
    """Failed sign-ins with one address, whether it belongs to an account or not."""

    failed: int = 0
    last_failed_at: datetime | None = None
    closed_until: datetime | None = None


def after_failure(tally: Tally, now: datetime) -> Tally:
    """The tally after one more failure; the tenth in a row closes the address for 15 minutes and counts anew."""
    forgotten = tally.last_failed_at is None or now - tally.last_failed_at >= FAILURES_FORGOTTEN_AFTER
    failed = 1 if forgotten else tally.failed + 1
    if failed >= FAILURES_ALLOWED:
        return Tally(0, now, now + CLOSED_FOR)
    return Tally(failed, now, tally.closed_until)


def is_closed(tally: Tally, now: datetime) -> bool:
    """Whether sign-in with a password is closed for the address at this moment."""
    return tally.closed_until is not None and now < tally.closed_until


def address_digest(email: str) -> str:
    """The name under which an address is tallied: it may be a mistyped password, so it is not kept as typed."""
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()


def password_problem(password: str, *, email: str, production: bool) -> str | None:
    """Why this password may not be set, as a marked sentence with %(length)d, or None."""
    if password == DEMO_PASSWORD:
        return N_("The password of the demonstration cannot be used here.") if production else None
    if len(password) < PASSWORD_LENGTH_MIN:
        return N_("The password must have at least %(length)d characters.")
    if len(set(password)) < PASSWORD_DIFFERENT_CHARACTERS or email.strip().lower() in password.lower():
        return N_("The password is too easy to guess: use several words, not your address or one repeated character.")
    return None


def makes_a_circle(agency_id: int, superior_id: int | None, superiors: Mapping[int, int | None]) -> bool:
    """Whether the agency would stand, at any height, above itself."""
    seen = {agency_id}
    while superior_id is not None:
        if superior_id in seen:
            return True
        seen.add(superior_id)
        superior_id = superiors.get(superior_id)
    return False


def may_stand_in(absent: Collection[Role], substitute: Collection[Role]) -> bool:
    """Whether somebody with these roles may stand in: for a leader a leader, for an officer one who handles inquiries.

    A substitute gains no right that their own roles do not give (Decree 244/2026/NĐ-CP Art 3).
    """
    if Role.HEAD in absent:
        return Role.HEAD in substitute
    return Role.STAFF not in absent or bool({Role.STAFF, Role.HEAD} & set(substitute))


def days_problem(from_on: date, to_on: date, today: date) -> tuple[str, str] | None:
    """(field, marked sentence) of what is wrong with the days of an absence, or None."""
    if from_on < today:
        return "from_on", N_("An absence begins today or later: what was done before stays as it was.")
    if to_on < from_on:
        return "to_on", N_("The last day comes before the first.")
    if to_on - from_on > ABSENCE_LONGEST:
        return "to_on", N_("An absence lasts at most a year; enter a shorter one and renew it.")
    return None


def is_last_administrator(person_id: int, active_administrators: Collection[int]) -> bool:
    """Whether nobody else could administer the system."""
    return set(active_administrators) == {person_id}


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What differs, as {name: [before, after]}, for the audit log."""
    return {name: [before[name], after[name]] for name in after if before[name] != after[name]}
