"""Papers that left this office and can be checked: kinds, what has become of one, what the public may learn of it."""

import hashlib
import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from pr_tracker.permissions import Permission

PURPOSE = "paper"  # of a code
_BESIDE = "+"
LONGEST_TITLE = 400
LONGEST_REASON = 300
MOST_SIGNED = 50  # in one go


class PaperEvent(StrEnum):
    """What the audit log says of papers."""

    ISSUE = "paper:issue"
    TAKE = "paper:take"
    SIGN = "paper:sign"
    WITHDRAW = "paper:withdraw"


class PaperKind(StrEnum):
    """What a paper is."""

    CASE_SHEET = "case_sheet"
    DEADLINE_SHEET = "deadline_sheet"
    REGISTER = "register"
    LATE_UNITS = "late_units"
    MONTH_REPORT = "month_report"
    QUARTER_REPORT = "quarter_report"
    ANNUAL_REPORT = "annual_report"
    SPOKESPERSONS = "spokespersons"
    REFUSALS = "refusals"
    CORRECTIONS = "corrections"
    CLASS_REPORT = "class_report"
    TRAINING_YEAR = "training_year"
    TRAINING_COVERAGE = "training_coverage"
    CHRONOLOGY = "chronology"
    LIST = "list"  # any other list
    REPORT = "report"  # any other report


class Status(StrEnum):
    """What has become of a paper."""

    VALID = "valid"
    SUPERSEDED = "superseded"  # a later one of the same thing says something else
    WITHDRAWN = "withdrawn"


class Verdict(StrEnum):
    """What the public page says of a code or a file."""

    VALID = "valid"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    ALTERED = "altered"  # what is stored is not what the audit log says was issued
    CHANGED_FILE = "changed_file"  # a file with one of our codes that is not the file we issued
    UNKNOWN = "unknown"  # forged, or mistyped
    UNKNOWN_FILE = "unknown_file"


# Whose title may say more than a kind, a number, an agency or a period: outside it is not told.
PRIVATE_TITLES = frozenset({PaperKind.LIST})

# Who reads papers of a kind: whoever reads what they are drawn from.
READERS: Mapping[PaperKind, tuple[Permission, ...]] = {
    PaperKind.CASE_SHEET: (Permission.INQUIRY_VIEW,),
    PaperKind.DEADLINE_SHEET: (Permission.INQUIRY_VIEW,),
    PaperKind.REGISTER: (Permission.REPORT_VIEW,),
    PaperKind.LATE_UNITS: (Permission.REPORT_VIEW,),
    PaperKind.MONTH_REPORT: (Permission.REPORT_VIEW,),
    PaperKind.QUARTER_REPORT: (Permission.REPORT_VIEW,),
    PaperKind.ANNUAL_REPORT: (Permission.REPORT_VIEW,),
    PaperKind.SPOKESPERSONS: (Permission.SPOKESPERSON_VIEW,),
    PaperKind.REFUSALS: (Permission.INQUIRY_VIEW,),
    PaperKind.CORRECTIONS: (Permission.INQUIRY_VIEW,),
    PaperKind.CLASS_REPORT: (Permission.TRAINING_VIEW,),
    PaperKind.TRAINING_YEAR: (Permission.TRAINING_VIEW, Permission.REPORT_VIEW),
    PaperKind.TRAINING_COVERAGE: (Permission.TRAINING_VIEW, Permission.REPORT_VIEW),
    PaperKind.CHRONOLOGY: (Permission.INCIDENT_VIEW,),
    PaperKind.LIST: (Permission.REPORT_VIEW,),
    PaperKind.REPORT: (Permission.REPORT_VIEW,),
}


def key_of(kind: PaperKind, /, **asked: Any) -> str:
    """What a paper is of: its kind, and a digest of all that was asked for (plain values, enums, days)."""
    said = json.dumps({name: str(value) for name, value in asked.items() if value}, sort_keys=True)
    return f"{kind.value}:{hashlib.sha256(said.encode()).hexdigest()[:32]}"


def beside(key: str) -> str:
    """The key of what is printed later, unsigned, of the same as a signed paper that still holds."""
    return f"{key}{_BESIDE}"


def is_beside(key: str) -> bool:
    """Whether a paper stands beside a signed one."""
    return key.endswith(_BESIDE)


def base_of(key: str) -> str:
    """The key of the signed paper that this one stands beside; else the key itself."""
    return key.removesuffix(_BESIDE)


def kinds_for(permissions: frozenset[Permission] | set[Permission]) -> list[PaperKind]:
    """The kinds that somebody with these permissions reads, in their order."""
    return [kind for kind, readers in READERS.items() if permissions.intersection(readers)]


def status_of(*, superseded: bool, withdrawn: bool) -> Status:
    """Withdrawn weighs more than superseded."""
    if withdrawn:
        return Status.WITHDRAWN
    return Status.SUPERSEDED if superseded else Status.VALID


def verdict_of(status: Status, *, whole: bool) -> Verdict:
    """What is said of a paper that was found; `whole`: what is stored is what the log says was issued."""
    return Verdict(status.value) if whole else Verdict.ALTERED
