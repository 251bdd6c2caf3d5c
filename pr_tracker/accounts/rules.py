"""Agencies and people: the kinds, the signing forms, who sees what (domain.md §2)."""

from enum import StrEnum


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
    SIGN_IN = "person:sign_in"
    SIGN_IN_FAILED = "person:sign_in_failed"
    LOCKED_OUT = "person:locked_out"
    UNLOCKED = "person:unlocked"
    PASSWORD_CHANGE = "person:password:change"  # noqa: S105 - the name of an event
    PASSWORD_RESET = "person:password:reset"  # noqa: S105 - the name of an event
